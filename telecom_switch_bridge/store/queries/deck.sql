-- Deck of one carrier, without what is over.
select prefix, connect_fee_micro, price_micro, price_unit_s, first_increment_s, next_increment_s, included_s,
       valid_from, valid_to, direction
  from switch_v1_deck_rate
 where carrier_id = $1 and (valid_to is null or valid_to > now() - interval '1 day')
