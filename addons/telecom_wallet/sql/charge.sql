-- Charging of ended calls, called by the settlement of telecom_call in its own transaction.

drop function if exists telecom_wallet_charge(integer[], bigint[], text[], text[], text[]);  -- before entry ids

create or replace function telecom_wallet_entry_ids(amounts_micro bigint[]) returns bigint[]
language plpgsql security definer set search_path = public, pg_temp as $$
-- Ids for the entries of these amounts, null for amount 0: what refers to them can be written before them.
-- plpgsql: its plan is kept, that of an SQL function would be made again for every batch.
begin
    return (
        select array_agg(case when l.amount <> 0 then nextval('telecom_wallet_entry_id_seq') end order by l.n)
        from unnest(amounts_micro) with ordinality as l (amount, n)
    );
end $$;

create or replace function telecom_wallet_charge(
    account_ids integer[], amounts_micro bigint[], idempotency_keys text[], refs text[], release_refs text[],
    entry_ids bigint[] default null
) returns bigint[]
language plpgsql security definer set search_path = public, pg_temp as $$
-- Post one charge entry per element (amount as it moves the balance, negative for a cost; 0: no entry) and release the
-- reservations, with one change per wallet. Returns the entry ids in the order given, null for amount 0; ids may be
-- given: those of telecom_wallet_entry_ids for the same amounts.
-- Raises BSS01 when an account has no wallet, unique_violation when a key was used before.
declare
    missing integer;
begin
    perform telecom_wallet_lock(account_ids, release_refs);
    select a into missing from unnest(account_ids) a
        where not exists (select from telecom_wallet w where w.account_id = a) limit 1;
    if found then
        raise exception 'no wallet for account %', missing using errcode = 'BSS01';
    end if;
    entry_ids := coalesce(entry_ids, telecom_wallet_entry_ids(amounts_micro));
    insert into telecom_wallet_entry (id, account_id, kind, amount_micro, balance_after_micro, idempotency_key, reference)
        select l.id, l.account, 'charge', l.amount,
            w.balance_micro + sum(l.amount) over (partition by l.account order by l.n), l.key, l.ref
        from unnest(entry_ids, account_ids, amounts_micro, idempotency_keys, refs)
            with ordinality as l (id, account, amount, key, ref, n)
        join telecom_wallet w on w.account_id = l.account
        where l.amount <> 0 order by l.n;
    with gone as (
        delete from telecom_reservation r where r.call_ref = any (release_refs)
        returning r.account_ids as accounts, r.amounts_micro as amounts
    ), moves as (
        select l.account, l.amount as balance_move, 0 as reserved_move
            from unnest(telecom_wallet_charge.account_ids, telecom_wallet_charge.amounts_micro) as l (account, amount)
        union all
        select l.account, 0, l.amount from gone, unnest(gone.accounts, gone.amounts) as l (account, amount)
    ), totals as (
        select account, sum(balance_move) as balance_move, sum(reserved_move) as reserved_move from moves group by account
    )
    update telecom_wallet w
        set balance_micro = w.balance_micro + t.balance_move, reserved_micro = w.reserved_micro - t.reserved_move
        from totals t where w.account_id = t.account and (t.balance_move <> 0 or t.reserved_move <> 0);
    return entry_ids;
end $$;
