-- For explain: the telephone of an account with an extension.
select * from switch_v1_phone where account_id = $1 and extension = $2
