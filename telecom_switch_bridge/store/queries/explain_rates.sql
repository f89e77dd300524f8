-- For explain: rates of some plans for destinations and their groups, over or not.
select * from switch_v1_rate
 where plan_id = any ($1::int[]) and (destination_id = any ($2::int[]) or group_id = any ($3::int[]))
