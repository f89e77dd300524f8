-- Prefixes of destinations.
select prefix, destination_id from switch_v1_destination_prefix
