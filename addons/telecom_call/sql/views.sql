-- What Odoo's pages read: amounts in currency units with 6 decimals, times in UTC without a zone. Things that were
-- deleted since appear as empty.

create or replace function telecom_call_cost_terms(leg telecom_call_record) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
-- Terms by which a corrected cost was made.
    select p.terms from telecom_call_cost_correction l
        join telecom_call_cost_price p on p.run_id = l.run_id and p.price = l.price
    where l.run_id = leg.cost_run_id and l.record_id = leg.id
$$;

drop view if exists telecom_call_record_view;
create view telecom_call_record_view as
    select r.id, r.leg_uniqueid, r.direction, r.started_at at time zone 'UTC' as started_at,
        r.answered_at at time zone 'UTC' as answered_at, r.ended_at at time zone 'UTC' as ended_at,
        r.settled_at at time zone 'UTC' as settled_at, r.duration_us / 1000000.0 as duration_s, r.node, r.linkedid,
        r.call_ref, r.attempt, r.account_id, a.partner_id, r.company_id, phone.id as phone_id, number.id as number_id,
        r.from_number, r.dialled, r.e164, coalesce(nullif(r.e164, ''), r.dialled) as called, destination.id as destination_id, carrier.id as carrier_id,
        trunk.id as trunk_id, r.hangup_cause, r.disposition, r.answered_s,
        case when r.cost_run_id is null then r.carrier_billed_s
            else coalesce(r.carrier_billed_s, 0) + r.carrier_billed_correction_s end as carrier_billed_s,
        (now.cost_micro / 1000000.0)::numeric(20, 6) as carrier_cost, carrier_currency.id as carrier_currency_id,
        (r.revenue_gross_micro / 1000000.0)::numeric(20, 6) as revenue, revenue_currency.id as revenue_currency_id,
        case when r.carrier_currency is null or r.revenue_currency is null or r.revenue_currency = r.carrier_currency
            then ((r.revenue_net_micro + now.pay_micro - now.cost_micro) / 1000000.0)::numeric(20, 6)
            when r.terms ? 'carrier_factor_e8'  -- the cost in the currency of the sale, half-up, as it was compared
            then ((r.revenue_net_micro
                   - round(now.cost_micro * (r.terms ->> 'carrier_factor_e8')::numeric / 100000000))
                  / 1000000.0)::numeric(20, 6)
            end as margin,
        (now.pay_micro / 1000000.0)::numeric(20, 6) as carrier_revenue,
        case when r.carrier_currency is null or r.revenue_currency is null or r.revenue_currency = r.carrier_currency
                or r.terms ? 'carrier_factor_e8'
            then coalesce(revenue_currency.id, carrier_currency.id) end as margin_currency_id,
        r.terms ->> 'note' as note, (r.terms ->> 'authorised_at')::timestamptz at time zone 'UTC' as authorised_at,
        r.terms ->> 'dial' as dial,
        case when r.cost_run_id is not null and r.direction = 'outbound' then telecom_call_cost_terms(r)
            else telecom_call_terms_of(r.terms -> 'carrier_tariff') end as carrier_tariff_json,
        case when r.cost_run_id is not null and r.direction = 'inbound' then telecom_call_cost_terms(r)
            else telecom_call_terms_of(r.terms -> 'carrier_pays_tariff') end as carrier_pays_tariff_json,
        case when r.cost_run_id is not null
            then ((r.carrier_cost_micro + r.carrier_revenue_micro) / 1000000.0)::numeric(20, 6) end as carrier_settled,
        r.cost_run_id is not null as cost_corrected
    from telecom_call_record r
        cross join lateral (
            select r.carrier_cost_micro + coalesce(r.carrier_cost_correction_micro, 0) as cost_micro,
                r.carrier_revenue_micro + coalesce(r.carrier_revenue_correction_micro, 0) as pay_micro) now
        left join telecom_billing_account a on a.id = r.account_id
        left join telecom_phone phone on phone.id = r.phone_id
        left join telecom_number number on number.id = r.number_id
        left join telecom_destination destination on destination.id = r.destination_id
        left join telecom_carrier carrier on carrier.id = r.carrier_id
        left join telecom_trunk trunk on trunk.id = r.trunk_id
        left join res_currency carrier_currency on carrier_currency.name = r.carrier_currency
        left join res_currency revenue_currency on revenue_currency.name = r.revenue_currency;

drop view if exists telecom_call_charge_view;
create view telecom_call_charge_view as
    select c.id, c.record_id, c.leg_uniqueid, c.direction, c.started_at at time zone 'UTC' as started_at,
        c.answered_at at time zone 'UTC' as answered_at, c.level, c.account_id, a.partner_id, c.customer_company_id,
        c.company_id, c.from_number, c.dialled, c.e164, destination.id as destination_id, c.answered_s, c.billed_s,
        plan.id as plan_id, currency.id as currency_id,
        (c.net_micro / 1000000.0)::numeric(20, 6) as net,
        (c.tax_micro / 1000000.0)::numeric(20, 6) as tax,
        (c.gross_micro / 1000000.0)::numeric(20, 6) as gross,
        c.entry_id,
        (select string_agg(concat(line ->> 'name', ': ',
                (((line ->> 'amount_micro')::bigint) / 1000000.0)::numeric(20, 6)), E'\n' order by place)
            from jsonb_array_elements(nullif(c.terms -> 'tax_lines', 'null')) with ordinality as l (line, place)
        ) as tax_detail,
        nullif(concat_ws(' ', ((c.terms ->> 'plan_amount_micro')::bigint / 1000000.0)::numeric(20, 6),
            c.terms ->> 'plan_currency'), '') as plan_amount,
        case when c.refunds_id is not null then 'refund' when c.run_id <> 0 then 'corrected' else 'charge' end as kind
    from telecom_call_charge c
        left join telecom_billing_account a on a.id = c.account_id
        left join telecom_destination destination on destination.id = c.destination_id
        left join telecom_rate_plan plan on plan.id = c.plan_id
        left join res_currency currency on currency.name = c.currency;
