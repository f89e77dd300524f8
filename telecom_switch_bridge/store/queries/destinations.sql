-- Destinations.
select destination_id, name, group_id, network_type, country from switch_v1_destination
