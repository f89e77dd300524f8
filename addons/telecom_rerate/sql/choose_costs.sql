-- The answered legs whose carrier is to be priced anew, those of a carrier and direction side by side; in a table of the
-- transaction. `fits`: 0: its carrier is gone, 1: its carrier has another currency now, 2: it can be priced. Parameters by place: from, before, conditions on the record.
drop table if exists telecom_rerate_cost;
create temporary table telecom_rerate_cost on commit drop as
    select (row_number() over (order by r.carrier_id, r.direction, r.id) - 1)::integer as place, r.id as record_id,
        r.started_at, r.carrier_id, r.direction,
        case when r.e164 ~ '^[0-9]{1,15}$' then rpad(r.e164, 15, '0')::bigint else 0 end as number,
        (case when r.e164 ~ '^[0-9]{1,15}$' then length(r.e164) else 0 end)::smallint as digits,
        coalesce((r.terms ->> 'authorised_at')::timestamptz, r.answered_at) as authorised_at,
        floor(extract(epoch from r.answered_at))::bigint as answered, r.duration_us,
        r.carrier_currency as old_currency, carrier.currency,
        (case when carrier.carrier_id is null then 0 when r.carrier_currency is null then 2
            when r.carrier_currency = carrier.currency then 2 else 1 end)::smallint as fits, coalesce(r.cost_run_id, 0) as run_id,
        coalesce(r.carrier_billed_s, 0) + coalesce(r.carrier_billed_correction_s, 0) as billed_s,
        case r.direction when 'outbound' then r.carrier_cost_micro + coalesce(r.carrier_cost_correction_micro, 0)
            else r.carrier_revenue_micro + coalesce(r.carrier_revenue_correction_micro, 0) end as micro
    from telecom_call_record r
        left join switch_v1_carrier carrier on carrier.carrier_id = r.carrier_id
    where r.started_at >= %s and r.started_at < %s and r.answered_at is not null and r.carrier_id is not null
        and %s;
create index on telecom_rerate_cost (place);
analyze telecom_rerate_cost;
drop table if exists telecom_rerate_cost_found;
create temporary table telecom_rerate_cost_found (place integer, price integer, billed_s integer, micro bigint)
    on commit drop
