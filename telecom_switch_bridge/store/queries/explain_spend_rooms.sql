-- For explain: what limits of spending leave of some accounts.
select * from switch_v1_spend_room where account_id = any ($1::int[])
