-- For explain: route entries of some prefixes.
select * from switch_v1_route where prefix = any ($1::text[])
