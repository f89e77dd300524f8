-- switch_v1: what limits of spending (telecom_spend_limit) leave of accounts now; for explain, calls ask the reservation.

-- room_micro: the most that a new call may set aside.
create view switch_v1_spend_room as
select account.id as account_id, limits.rule, greatest(limits.room_micro, 0)::bigint as room_micro
  from telecom_billing_account account
  join telecom_wallet wallet on wallet.account_id = account.id
 cross join lateral (
       select max(lock.unlocked_at) as unlocked_at, bool_or(lock.unlocked_at is null) as is_locked
         from telecom_spend_lock lock where lock.account_id = account.id
       ) locks
 cross join lateral (
       select 'locked' as rule, 0 as room_micro where locks.is_locked
       union all
       select one.rule, one.most_micro from telecom_spend_limits(account.id) one where one.rule = 'call'
       union all
       select one.rule, one.most_micro - wallet.reserved_micro
              - telecom_spend_sum(account.id, greatest(hours.begins, locks.unlocked_at))
         from telecom_spend_limits(account.id) one, lateral telecom_spend_span_of(account.id, one.rule, now()) hours
        where one.rule <> 'call' and hours.begins is not null
       ) limits;
