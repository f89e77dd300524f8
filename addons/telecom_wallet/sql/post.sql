-- Opening a wallet, its credit limit, and single entries: top-up, adjustment, refund, reversal.
-- Errors (SQLSTATE): BSS01 no wallet, BSS02 the key was used for something else, BSS03 bad argument.

create or replace function telecom_wallet_open(account_id integer, credit_limit_micro bigint) returns void
language sql security definer set search_path = public, pg_temp as $$
    insert into telecom_wallet (account_id, credit_limit_micro) values ($1, $2)
    on conflict do nothing
$$;

create or replace function telecom_wallet_discard(account_id integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
-- Delete the wallet of an account that was never used. False: it is in use and stays.
begin
    delete from telecom_wallet w where w.account_id = $1;
    return true;
exception when sqlstate 'BSS04' then
    return false;
end $$;

create or replace function telecom_wallet_set_credit_limit(account_id integer, credit_limit_micro bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update telecom_wallet w set credit_limit_micro = $2 where w.account_id = $1;
    if not found then
        raise exception 'no wallet for account %', $1 using errcode = 'BSS01';
    end if;
end $$;

create or replace function telecom_wallet_sync_credit_limits(account_ids integer[] default null) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
-- Bring wallets to the credit limits of their accounts (all accounts when null). Returns how many differed.
declare
    changed integer;
begin
    with differing as (
        select w.account_id, (a.credit_limit * 1000000)::bigint as limit_micro
        from telecom_wallet w join telecom_billing_account a on a.id = w.account_id
        where ($1 is null or w.account_id = any ($1)) and w.credit_limit_micro <> (a.credit_limit * 1000000)::bigint
        order by w.account_id for update of w
    )
    update telecom_wallet w set credit_limit_micro = d.limit_micro from differing d where w.account_id = d.account_id;
    get diagnostics changed = row_count;
    return changed;
end $$;

create or replace function telecom_wallet_add_entry(
    account_id integer, kind text, amount_micro bigint, idempotency_key text, reference text, user_id integer,
    reverses_id bigint
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- One entry and the new balance. The same key again returns the first entry; for other content it raises BSS02.
declare
    found_entry telecom_wallet_entry;
    new_balance bigint;
    new_id bigint;
begin
    if $4 is null or $4 = '' then
        raise exception 'an idempotency key is needed' using errcode = 'BSS03';
    end if;
    perform from telecom_wallet w where w.account_id = $1 for update;
    if not found then
        raise exception 'no wallet for account %', $1 using errcode = 'BSS01';
    end if;
    select * into found_entry from telecom_wallet_entry e where e.idempotency_key = $4;
    if found then
        if (found_entry.account_id, found_entry.kind, found_entry.amount_micro) = ($1, $2, $3)
            and found_entry.reverses_id is not distinct from $7 then
            return found_entry.id;
        end if;
        raise exception 'key % was used for entry % with other content', $4, found_entry.id using errcode = 'BSS02';
    end if;
    update telecom_wallet w set balance_micro = w.balance_micro + $3 where w.account_id = $1
        returning w.balance_micro into new_balance;
    insert into telecom_wallet_entry
        (account_id, kind, amount_micro, balance_after_micro, idempotency_key, reference, reverses_id, user_id)
    values ($1, $2, $3, new_balance, $4, $5, $7, $6) returning id into new_id;
    return new_id;
end $$;

create or replace function telecom_wallet_post(
    account_id integer, kind text, amount_micro bigint, idempotency_key text, reference text, user_id integer
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if $2 is null or $2 not in ('topup', 'charge', 'adjustment', 'refund', 'opening') then
        raise exception 'kind % cannot be posted', $2 using errcode = 'BSS03';
    end if;
    if $3 is null or $3 = 0 or ($2 = 'topup' and $3 < 0) then
        raise exception 'amount % is not possible for %', $3, $2 using errcode = 'BSS03';
    end if;
    return telecom_wallet_add_entry($1, $2, $3, $4, $5, $6, null);
end $$;

create or replace function telecom_wallet_reverse(
    entry_id bigint, idempotency_key text, reference text, user_id integer
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- Post the opposite of an entry, once. A reversal cannot be reversed: post the right entry anew.
declare
    original telecom_wallet_entry;
    reversal telecom_wallet_entry;
begin
    select * into original from telecom_wallet_entry e where e.id = $1;
    if not found or original.kind = 'reversal' then
        raise exception 'entry % cannot be reversed', $1 using errcode = 'BSS03';
    end if;
    perform from telecom_wallet w where w.account_id = original.account_id for update;
    select * into reversal from telecom_wallet_entry e where e.reverses_id = $1;
    if found and reversal.idempotency_key <> $2 then
        raise exception 'entry % is reversed already by entry %', $1, reversal.id using errcode = 'BSS02';
    end if;
    return telecom_wallet_add_entry(
        original.account_id, 'reversal', -original.amount_micro, $2, $3, $4, original.id
    );
end $$;
