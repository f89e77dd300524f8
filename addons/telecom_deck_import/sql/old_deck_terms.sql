-- Further terms of the rows that old_deck_numbers.sql marks. Packed: fee and included seconds; price unit, first and next
-- increment.
select id, (connect_fee_micro << 20) | included_s,
       (price_unit_s::bigint << 40) | (first_increment_s::bigint << 20) | next_increment_s
  from telecom_deck_rate
 where carrier_id = %(carrier_id)s
   and direction = %(direction)s
   and (valid_to is null or valid_to > %(start)s)
   and not (price_unit_s = 60 and connect_fee_micro = 0 and included_s = 0
            and first_increment_s < 1024 and next_increment_s < 1024)
