-- Re-rating: calls that could not be priced, and what the pages read. The corrections themselves are
-- telecom_call's (telecom_call_correction), which posts them.

drop table if exists telecom_rerate_progress;  -- older databases: telecom_job_progress

create table if not exists telecom_rerate_fault (
    run_id integer not null references telecom_rerate_run (id) on delete cascade,
    record_id bigint not null,
    started_at timestamptz not null,
    reason text not null,
    primary key (run_id, record_id)
);

drop view if exists telecom_rerate_line_view;
create view telecom_rerate_line_view as
    select l.charge_id as id, l.run_id, run.company_id, l.record_id, c.started_at at time zone 'UTC' as started_at,
        l.level, l.account_id, a.partner_id, a.company_id as provider_id, c.direction, coalesce(c.e164, c.dialled) as e164,
        destination.id as destination_id, c.answered_s, c.billed_s as old_billed_s, l.billed_s,
        coalesce((c.terms ->> 'included_s')::integer, 0) as included_s, currency.id as currency_id,
        ((l.old_net_micro + l.old_tax_micro) / 1000000.0)::numeric(20, 6) as old_gross,
        ((l.net_micro + l.tax_micro) / 1000000.0)::numeric(20, 6) as gross,
        ((l.net_micro - l.old_net_micro) / 1000000.0)::numeric(20, 6) as net_difference,
        ((l.tax_micro - l.old_tax_micro) / 1000000.0)::numeric(20, 6) as tax_difference,
        ((l.net_micro + l.tax_micro - l.old_net_micro - l.old_tax_micro) / 1000000.0)::numeric(20, 6) as difference
    from telecom_call_correction l
        join telecom_rerate_run run on run.id = l.run_id
        join telecom_call_charge c on c.id = l.charge_id and c.started_at = l.started_at
        left join telecom_billing_account a on a.id = l.account_id
        left join telecom_destination destination on destination.id = c.destination_id
        left join res_currency currency on currency.name = c.currency;

drop view if exists telecom_rerate_sum_view;
create view telecom_rerate_sum_view as
    select row_number() over () as id, s.*, a.partner_id, a.company_id as provider_id, a.currency_id, run.company_id
    from (
        select run_id, account_id, count(*) as calls,
            (sum(old_net_micro + old_tax_micro) / 1000000.0)::numeric(20, 6) as old_gross,
            (sum(net_micro + tax_micro) / 1000000.0)::numeric(20, 6) as gross,
            (sum(net_micro - old_net_micro) / 1000000.0)::numeric(20, 6) as net_difference,
            (sum(tax_micro - old_tax_micro) / 1000000.0)::numeric(20, 6) as tax_difference,
            (sum(net_micro + tax_micro - old_net_micro - old_tax_micro) / 1000000.0)::numeric(20, 6) as difference
        from telecom_call_correction group by run_id, account_id
    ) s join telecom_rerate_run run on run.id = s.run_id left join telecom_billing_account a on a.id = s.account_id;

drop view if exists telecom_rerate_cost_line_view;
create view telecom_rerate_cost_line_view as
    select l.id, l.run_id, run.company_id, l.record_id, l.started_at at time zone 'UTC' as started_at, carrier.id as carrier_id,
        l.direction, coalesce(nullif(r.e164, ''), r.dialled) as e164, destination.id as destination_id, r.answered_s,
        l.old_billed_s, l.billed_s, currency.id as currency_id,
        (l.old_micro / 1000000.0)::numeric(20, 6) as old_amount, (l.micro / 1000000.0)::numeric(20, 6) as amount,
        (case l.direction when 'outbound' then l.old_micro - l.micro else l.micro - l.old_micro end / 1000000.0
            )::numeric(20, 6) as margin_difference
    from telecom_call_cost_correction l
        join telecom_rerate_run run on run.id = l.run_id
        join telecom_call_record r on r.id = l.record_id and r.started_at = l.started_at
        left join telecom_carrier carrier on carrier.id = l.carrier_id
        left join telecom_destination destination on destination.id = r.destination_id
        left join res_currency currency on currency.name = l.currency;

drop view if exists telecom_rerate_cost_sum_view;
create view telecom_rerate_cost_sum_view as
    select row_number() over (order by s.run_id, s.carrier_id, s.direction, s.currency) as id, s.run_id, s.direction,
        s.calls, s.old_amount, s.amount, s.margin_difference, run.company_id, carrier.id as carrier_id,
        currency.id as currency_id
    from (
        select run_id, carrier_id, direction, currency, count(*) as calls,
            (sum(old_micro) / 1000000.0)::numeric(20, 6) as old_amount,
            (sum(micro) / 1000000.0)::numeric(20, 6) as amount,
            (sum(case direction when 'outbound' then old_micro - micro else micro - old_micro end) / 1000000.0
                )::numeric(20, 6) as margin_difference
        from telecom_call_cost_correction group by 1, 2, 3, 4
    ) s
        join telecom_rerate_run run on run.id = s.run_id
        left join telecom_carrier carrier on carrier.id = s.carrier_id
        left join res_currency currency on currency.name = s.currency;
