-- switch_v1: what limits of spending (telecom_spend_limit) leave of accounts now; for explain, calls ask the reservation.

-- room_micro: the most that a new call may set aside. locked_by: the limit (day, night) or kind of fraud rule (repeated,
-- country) that locked the account; locked_name: the fraud rule's name.
create view switch_v1_spend_room as
select account.id as account_id, limits.rule, greatest(limits.room_micro, 0)::bigint as room_micro,
       limits.locked_by, limits.locked_name
  from telecom_billing_account account
  join telecom_wallet wallet on wallet.account_id = account.id
 cross join lateral (
       select max(lock.unlocked_at) as unlocked_at
         from telecom_spend_lock lock where lock.account_id = account.id
       ) locks
 cross join lateral (
       select 'locked' as rule, 0 as room_micro, lock.rule as locked_by, lock.rule_name as locked_name
         from telecom_spend_lock lock where lock.account_id = account.id and lock.unlocked_at is null
       union all
       select one.rule, one.most_micro, null, null from telecom_spend_limits(account.id) one where one.rule = 'call'
       union all
       select one.rule, one.most_micro - wallet.reserved_micro
              - telecom_spend_sum(account.id, greatest(hours.begins, locks.unlocked_at)), null, null
         from telecom_spend_limits(account.id) one, lateral telecom_spend_span_of(account.id, one.rule, now()) hours
        where one.rule <> 'call' and hours.begins is not null
       ) limits;
