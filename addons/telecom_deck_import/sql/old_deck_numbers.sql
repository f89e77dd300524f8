-- The rows of old_deck.sql as numbers, for tools/same_prices.py, as few as can be: each column of a million takes its time.
-- Packed: fee and included seconds; price unit, first and next increment. A row is marked when it has a start or an end to
-- look at (old_deck_dates.sql has them): it does not hold from before %(start)s on without an end.
select id, prefix::bigint, price_micro,
       (connect_fee_micro << 20) | included_s,
       (price_unit_s::bigint << 40) | (first_increment_s::bigint << 20) | next_increment_s
           | case when valid_to is null and (valid_from is null or valid_from < %(start)s) then 0 else 1::bigint << 60 end
  from telecom_deck_rate
 where carrier_id = %(carrier_id)s
   and direction = %(direction)s
   and (valid_to is null or valid_to > %(start)s)
