-- The books in one look: what must always be true of wallets. No row: all is well.

create or replace function telecom_wallet_problems() returns table (account_id integer, problem text)
language sql stable security definer set search_path = public, pg_temp as $$
    select w.account_id, format('balance %s, but its entries sum to %s', w.balance_micro, coalesce(e.total, 0))
        from telecom_wallet w left join (
            select x.account_id, sum(x.amount_micro) as total from telecom_wallet_entry x group by 1
        ) e using (account_id)
        where w.balance_micro <> coalesce(e.total, 0)
    union all
    select w.account_id, format('reserved %s, but its reservations sum to %s', w.reserved_micro, coalesce(r.total, 0))
        from telecom_wallet w left join (
            select l.account, sum(l.amount) as total
            from telecom_reservation v, unnest(v.account_ids, v.amounts_micro) as l (account, amount) group by 1
        ) r on r.account = w.account_id
        where w.reserved_micro <> coalesce(r.total, 0)
    union all
    select a.id, 'account without a wallet' from telecom_billing_account a
        where not exists (select from telecom_wallet w where w.account_id = a.id)
    order by 1
$$;
