-- The rows of old_deck.sql as numbers, for tools/same_prices.py, as few as can be: each column of a million takes its time.
-- Packed: price, first and next increment, and marks of rows of which there is more to be told. DATED (1 << 60): it has a
-- start or an end to look at (old_deck_dates.sql): it does not hold from before %(start)s on without an end. FURTHER
-- (1 << 61): it has a fee, included seconds, another unit than a minute or long increments (old_deck_terms.sql).
select id, prefix::bigint,
       (price_micro << 20)
           | case when valid_to is null and (valid_from is null or valid_from < %(start)s) then 0 else 1::bigint << 60 end
           | case when price_unit_s = 60 and connect_fee_micro = 0 and included_s = 0
                       and first_increment_s < 1024 and next_increment_s < 1024
                  then (first_increment_s << 10) | next_increment_s else 1::bigint << 61 end
  from telecom_deck_rate
 where carrier_id = %(carrier_id)s
   and direction = %(direction)s
   and (valid_to is null or valid_to > %(start)s)
