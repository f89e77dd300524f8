-- What Odoo's pages read: amounts in currency units with 6 decimals, times in UTC without a zone.

drop view if exists telecom_wallet_view;
create view telecom_wallet_view as
    select w.account_id as id, w.account_id, a.company_id, a.partner_id, a.customer_company_id, a.currency_id,
        (w.balance_micro / 1000000.0)::numeric(20, 6) as balance,
        (w.reserved_micro / 1000000.0)::numeric(20, 6) as reserved,
        (w.credit_limit_micro / 1000000.0)::numeric(20, 6) as credit_limit,
        ((w.balance_micro + w.credit_limit_micro - w.reserved_micro) / 1000000.0)::numeric(20, 6) as headroom
    from telecom_wallet w join telecom_billing_account a on a.id = w.account_id;

drop view if exists telecom_wallet_entry_view;
create view telecom_wallet_entry_view as
    select e.id, e.account_id, a.company_id, a.partner_id, a.customer_company_id, a.currency_id,
        e.posted_at at time zone 'UTC' as posted_at, e.kind,
        (e.amount_micro / 1000000.0)::numeric(20, 6) as amount,
        (e.balance_after_micro / 1000000.0)::numeric(20, 6) as balance_after,
        e.idempotency_key, e.reference, e.reverses_id, e.user_id
    from telecom_wallet_entry e join telecom_billing_account a on a.id = e.account_id;
