-- For explain: the ring groups of an account.
select * from switch_v1_ring_group where account_id = $1
