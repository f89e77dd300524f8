-- Plans of accounts by date that are not over yet.
select account_id, direction, plan_id, valid_from, valid_to
  from switch_v1_account_plan
 where valid_to is null or valid_to > now() - interval '1 day'
