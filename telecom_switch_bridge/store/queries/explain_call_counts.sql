-- For explain: living calls of some names.
select * from switch_v1_call_count where counted_on = any ($1::text[])
