-- Start and end of the rows that old_deck_numbers.sql marks. An end that is open is told as an instant that no row ends at
-- which still counts.
select id, coalesce(valid_from, '-infinity'), coalesce(valid_to, '1970-01-01 00:00+00')
  from telecom_deck_rate
 where carrier_id = %(carrier_id)s
   and direction = %(direction)s
   and (valid_to > %(start)s or valid_to is null and valid_from >= %(start)s)
