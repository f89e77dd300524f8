-- Deck of one carrier and direction without what is over, for COPY: bigints without nulls (store/packed_deck.py, ROWS).
select prefix::bigint, length(prefix)::bigint as length, connect_fee_micro, price_micro, price_unit_s::bigint,
       first_increment_s::bigint, next_increment_s::bigint, included_s::bigint,
       coalesce((extract(epoch from nullif(valid_from, '-infinity')) * 1000000)::bigint, -4611686018427387904)
           as from_us,
       coalesce((extract(epoch from nullif(valid_to, 'infinity')) * 1000000)::bigint, 4611686018427387904)
           as to_us
  from switch_v1_deck_rate
 where carrier_id = $1 and direction = $2 and (valid_to is null or valid_to > now() - interval '1 day')
