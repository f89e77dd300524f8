-- The rows of old_deck.sql as numbers, for tools/same_prices.py. An end that is open is told as an instant that no row ends at
-- which still counts.
select id, prefix::bigint, connect_fee_micro, price_micro, price_unit_s, first_increment_s, next_increment_s, included_s,
       coalesce(valid_from, '-infinity'), coalesce(valid_to, '1970-01-01 00:00+00')
  from telecom_deck_rate
 where carrier_id = %(carrier_id)s
   and direction = %(direction)s
   and (valid_to is null or valid_to > %(start)s)
