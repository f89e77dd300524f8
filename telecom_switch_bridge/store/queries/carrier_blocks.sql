-- Carriers that get no calls to a place.
select carrier_id, destination_id, group_id, reason from switch_v1_carrier_block
