-- What Odoo's pages read: amounts as numeric, times in UTC without a zone.

drop view if exists telecom_spend_lock_view;
create view telecom_spend_lock_view as
    select l.id, l.account_id, a.company_id, a.partner_id, a.customer_company_id, a.currency_id, l.rule,
        l.locked_at at time zone 'UTC' as locked_at, (l.most_micro / 1000000.0)::numeric(20, 6) as most,
        (l.spent_micro / 1000000.0)::numeric(20, 6) as spent, l.called, l.mailed_at at time zone 'UTC' as mailed_at,
        l.unlocked_at at time zone 'UTC' as unlocked_at, l.user_id,
        case when l.unlocked_at is null then 'locked' else 'unlocked' end as state
    from telecom_spend_lock l join telecom_billing_account a on a.id = l.account_id;
