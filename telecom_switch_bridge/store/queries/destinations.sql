-- Destinations.
select destination_id, name, group_id from switch_v1_destination
