-- What a deck has from an instant on.
create temporary view price_old as
select id as row_id, prefix as key, coalesce(valid_from, '-infinity') as starts, valid_to as ends,
       connect_fee_micro as fee_micro, price_micro, price_unit_s as unit_s, first_increment_s as first_s,
       next_increment_s as next_s, included_s, null::jsonb as extra, to_jsonb(deck) as snapshot
  from telecom_deck_rate deck
 where carrier_id = %(carrier_id)s
   and direction = %(direction)s
   and (valid_to is null or valid_to > %(start)s)
