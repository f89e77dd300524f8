-- For explain: all plans by date of some accounts.
select * from switch_v1_account_plan where account_id = any ($1::int[])
