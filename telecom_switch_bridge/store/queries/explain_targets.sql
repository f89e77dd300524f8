-- For explain: what forwards and ring groups of an account lead to.
select * from switch_v1_dial_target where account_id = $1
