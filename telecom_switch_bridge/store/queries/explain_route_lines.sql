-- For explain: trunks of some route entries.
select * from switch_v1_route_line where route_id = any ($1::int[]) order by route_id, priority, trunk_id
