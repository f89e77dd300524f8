-- Corrections of what was charged: per account one refund of the old charges and one charge of the new ones.

create or replace function telecom_wallet_correct(
    account_ids integer[], refunds_micro bigint[], charges_micro bigint[], refund_ids bigint[], charge_ids bigint[],
    idempotency_key text, reference text, user_id integer
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- One element an account (each once); amounts >= 0, ids of telecom_wallet_entry_ids for them. Prices were wrong, so a
-- balance may go below its limit by this (charging.md 12). Raises BSS01 without a wallet, unique_violation when the
-- key was used before: nothing is posted twice.
declare
    missing integer;
begin
    perform telecom_wallet_lock(account_ids, '{}');
    select a into missing from unnest(account_ids) a
        where not exists (select from telecom_wallet w where w.account_id = a) limit 1;
    if found then
        raise exception 'no wallet for account %', missing using errcode = 'BSS01';
    end if;
    insert into telecom_wallet_entry
        (id, account_id, kind, amount_micro, balance_after_micro, idempotency_key, reference, user_id)
    select l.refund_id, l.account, 'refund', l.refund, w.balance_micro + l.refund,
            concat_ws(':', $6, l.account, 'refund'), $7, $8
        from unnest($1, $2, $4) as l (account, refund, refund_id) join telecom_wallet w on w.account_id = l.account
        where l.refund > 0
    union all
    select l.charge_id, l.account, 'charge', -l.charge, w.balance_micro + l.refund - l.charge,
            concat_ws(':', $6, l.account, 'charge'), $7, $8
        from unnest($1, $2, $3, $5) as l (account, refund, charge, charge_id)
            join telecom_wallet w on w.account_id = l.account
        where l.charge > 0;
    update telecom_wallet w set balance_micro = w.balance_micro + l.refund - l.charge
        from unnest($1, $2, $3) as l (account, refund, charge)
        where w.account_id = l.account and l.refund <> l.charge;
end $$;
