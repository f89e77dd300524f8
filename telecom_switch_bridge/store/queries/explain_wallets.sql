-- For explain: what some accounts have.
select * from switch_v1_wallet where account_id = any ($1::int[])
