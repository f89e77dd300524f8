-- Trunks of route entries.
select route_id, trunk_id, priority, weight from switch_v1_route_line order by route_id, priority, trunk_id
