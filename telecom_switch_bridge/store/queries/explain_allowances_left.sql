-- For explain: included seconds that some accounts have left.
select account_id, allowance_id, free_s from switch_v1_allowance_left where account_id = any ($1::int[])
