-- For explain: a number of ours.
select * from switch_v1_number where e164 = any ($1::text[])
