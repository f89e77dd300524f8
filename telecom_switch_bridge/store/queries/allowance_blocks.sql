-- Accounts that have bought blocks of minutes.
select account_id, allowance_id from switch_v1_allowance_block
