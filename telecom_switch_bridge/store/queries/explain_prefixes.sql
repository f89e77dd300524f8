-- For explain: destinations by prefix.
select prefix, destination_id from switch_v1_destination_prefix where prefix = any ($1::text[])
