-- What Odoo's pages read: minutes with seconds as fractions (for show only), times in UTC without a zone.

drop view if exists telecom_allowance_bucket_view;
create view telecom_allowance_bucket_view as
    select b.id, allowance.name, b.account_id, a.company_id, a.partner_id, a.customer_company_id, b.kind,
        b.period_start at time zone 'UTC' as period_start, b.valid_to at time zone 'UTC' as valid_to,
        case when b.valid_to <= now() then 'over'
            when b.left_s = 0 then 'used'
            when b.kind = 'month' and month.begins > b.period_start then 'rolled'
            else 'good' end as state,
        e.given_s / 60.0 as given, e.used_s / 60.0 as used, e.expired_s / 60.0 as expired,
        telecom_allowance_held(b.id) / 60.0 as held, (b.left_s - telecom_allowance_held(b.id)) / 60.0 as free
    from telecom_allowance_bucket b
    join telecom_allowance allowance on allowance.id = b.allowance_id
    join telecom_billing_account a on a.id = b.account_id
    cross join lateral telecom_allowance_month_of(now(), a.tz) month
    cross join lateral (  -- a reversal counts where it belongs
        select coalesce(sum(x.seconds) filter (where coalesce(o.kind, x.kind) = 'given'), 0) as given_s,
            -coalesce(sum(x.seconds) filter (where coalesce(o.kind, x.kind) = 'used'), 0) as used_s,
            -coalesce(sum(x.seconds) filter (where coalesce(o.kind, x.kind) = 'expired'), 0) as expired_s
        from telecom_allowance_entry x left join telecom_allowance_entry o on o.id = x.reverses_id
        where x.bucket_id = b.id
    ) e;

drop view if exists telecom_allowance_entry_view;
create view telecom_allowance_entry_view as
    select e.id, e.bucket_id, b.account_id, a.company_id, a.partner_id, a.customer_company_id,
        e.posted_at at time zone 'UTC' as posted_at, e.kind, e.seconds / 60.0 as minutes,
        e.left_after_s / 60.0 as left_after, e.reference, e.reverses_id, e.user_id
    from telecom_allowance_entry e
    join telecom_allowance_bucket b on b.id = e.bucket_id
    join telecom_billing_account a on a.id = b.account_id;
