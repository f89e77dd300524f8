-- For explain: some plans.
select * from switch_v1_plan where plan_id = any ($1::int[])
