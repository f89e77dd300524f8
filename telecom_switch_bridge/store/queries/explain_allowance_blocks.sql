-- For explain: which blocks some accounts have.
select account_id, allowance_id from switch_v1_allowance_block where account_id = any ($1::int[])
