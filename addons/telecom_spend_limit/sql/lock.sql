-- Locks of accounts that have reached what their rules allow.

drop function if exists telecom_spend_lock(integer, text, bigint, bigint, jsonb);  -- before locks knew a rule's name
create or replace function telecom_spend_lock(
    account integer, rule text, most_micro bigint, spent_micro bigint, request jsonb, rule_name text default null
) returns void
language sql security definer set search_path = public, pg_temp as $$
-- Lock an account, once; the call is the one that there was no room left for.
    insert into telecom_spend_lock (account_id, rule, most_micro, spent_micro, called, call_ref, rule_name)
        select $1, $2, $3, $4, coalesce($5 #>> '{frozen,e164}', v.frozen ->> 'e164'), $5 ->> 'call_ref', $6
        from (select $5 ->> 'call_ref' as call_ref) r left join telecom_reservation v using (call_ref)
    on conflict do nothing
$$;

create or replace function telecom_spend_unlock(account integer, user_id integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
-- Let an account call again; what it spends counts anew from now on. False: it was not locked.
begin
    perform from telecom_wallet w where w.account_id = $1 for update;
    update telecom_spend_lock l set unlocked_at = clock_timestamp(), user_id = $2
        where l.account_id = $1 and l.unlocked_at is null;
    if not found then
        return false;
    end if;
    delete from telecom_spend_count c where c.account_id = $1;
    return true;
end $$;

create or replace function telecom_spend_mailed(lock_ids bigint[]) returns bigint[]
language sql security definer set search_path = public, pg_temp as $$
-- Mark locks as told by mail; those that this call marked.
    with marked as (
        update telecom_spend_lock l set mailed_at = now() where l.id = any ($1) and l.mailed_at is null returning l.id
    )
    select coalesce(array_agg(id order by id), '{}') from marked
$$;
