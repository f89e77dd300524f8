-- For explain: included minutes of some plans, and of blocks that some accounts have.
select allowance_id, plan_id, destination_ids, group_ids from switch_v1_allowance
 where plan_id = any ($1::int[])
    or allowance_id in (select allowance_id from switch_v1_allowance_block where account_id = any ($2::int[]))
