-- For explain: some destinations.
select * from switch_v1_destination where destination_id = any ($1::int[])
