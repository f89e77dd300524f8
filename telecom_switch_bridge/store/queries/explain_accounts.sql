-- For explain: an account and those above it.
with recursive chain as (
    select account.*, 0 as depth from switch_v1_account account where account_id = $1
    union all
    select account.*, depth + 1 from switch_v1_account account
      join chain on account.account_id = chain.parent_account_id where depth < 12
)
select * from chain
