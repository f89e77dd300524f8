-- The charges in force of the calls that are to be priced anew, those of a call side by side; in tables of the transaction.
-- Parameters by place: from, before (three times: each table is read within its months), conditions on the record.
-- Calls whose levels are not all there are left out.
drop table if exists telecom_rerate_charge;
drop table if exists telecom_rerate_rule;
create temporary table telecom_rerate_charge on commit drop as
    select (dense_rank() over (order by record_id) - 1)::integer as place, s.*
    from (
        select c.record_id, c.started_at, c.id as charge_id, c.level, c.account_id,
            (case c.direction when 'outbound' then 0 else 1 end)::smallint as direction,
            case when r.e164 ~ '^[0-9]{1,15}$' then rpad(r.e164, 15, '0')::bigint else 0 end as number,
            (case when r.e164 ~ '^[0-9]{1,15}$' then length(r.e164) else 0 end)::smallint as digits,
            coalesce((r.terms ->> 'authorised_at')::timestamptz, r.started_at) as authorised_at,
            floor(extract(epoch from r.answered_at))::bigint as answered,
            c.answered_s as duration, c.net_micro, c.tax_micro,
            coalesce((c.terms ->> 'included_s')::integer, 0) as included_s,
            coalesce((c.terms ->> 'held_s')::integer, 0) as held_s,
            case when c.terms ?| '{taxes,price_taxes,factor_e8,tax_ppm,run}' then jsonb_strip_nulls(jsonb_build_object(
                'taxes', used.terms -> 'taxes', 'price_taxes', used.terms -> 'price_taxes',
                'factor_e8', used.terms -> 'factor_e8', 'tax_ppm', used.terms -> 'tax_ppm')) end as rule,
            min(c.level) over of_call as lowest, max(c.level) over of_call as highest, count(*) over of_call as levels
        from telecom_call_record r
            join telecom_call_charge c on c.record_id = r.id and c.started_at = r.started_at
                and c.started_at >= %s and c.started_at < %s
            left join telecom_call_correction_price corrected
                on corrected.run_id = (c.terms ->> 'run')::integer and corrected.price = (c.terms ->> 'price')::integer
            cross join lateral (select coalesce(corrected.terms, c.terms) as terms) used
        where r.started_at >= %s and r.started_at < %s and r.answered_at is not null and c.refunds_id is null
            and not exists (select from telecom_call_charge back
                where back.refunds_id = c.id and back.started_at = c.started_at
                    and back.started_at >= %s and back.started_at < %s)
            and %s
        window of_call as (
            partition by c.record_id order by c.level rows between unbounded preceding and unbounded following)
    ) s
    where lowest = 0 and highest + 1 = levels
    order by record_id, level;
create index on telecom_rerate_charge (place);
analyze telecom_rerate_charge;
create temporary table telecom_rerate_rule on commit drop as
    select (row_number() over (order by rule) - 1)::integer as place, rule
    from (select '{}'::jsonb as rule union select rule from telecom_rerate_charge where rule is not null) s
