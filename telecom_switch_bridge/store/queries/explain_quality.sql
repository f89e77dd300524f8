-- For explain: how well trunks complete calls to some destinations, to their groups, and everywhere.
select * from switch_v1_trunk_quality
 where destination_id = any ($1::int[]) or group_id = any ($2::int[]) or (destination_id is null and group_id is null)
