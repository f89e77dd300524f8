-- Charges that are on no document yet, in a table of the transaction. Parameters by place: accounts, for each of them the
-- instant from which and before which calls count (null: all), runs whose corrections are asked for (null: everything).
-- `corrects_id`: the document on which the call was charged last, for what a re-rating has changed since. `cancelled`: a
-- charge and what gives it back, on one document: nobody wants to read them.
drop table if exists telecom_invoice_chosen;
create temporary table telecom_invoice_chosen on commit drop as
    select c.id, c.started_at, c.account_id, c.refunds_id, c.net_micro, c.gross_micro,
        case when (used.terms ->> 'tax_ppm')::integer > 0  -- before an account could have several taxes
            then jsonb_build_array(jsonb_build_object('tax_id', 0, 'name', 'Tax', 'amount_type', 'percent',
                'amount', (used.terms ->> 'tax_ppm')::integer))
            else coalesce(nullif(used.terms -> 'taxes', 'null'), '[]') end as taxes,
        case when c.run_id <> 0 then (
            select invoiced.move_id from telecom_call_charge before
                join telecom_invoiced_charge invoiced on invoiced.charge_id = before.id
            where before.record_id = c.record_id and before.account_id = c.account_id and before.started_at = c.started_at
            order by before.id desc limit 1) end as corrects_id,
        false as cancelled
    from unnest(%s::integer[], %s::timestamptz[], %s::timestamptz[]) as asked (account_id, since, until)
        join telecom_call_charge c on c.account_id = asked.account_id
            and (asked.since is null or c.started_at >= asked.since)
            and (asked.until is null or c.started_at < asked.until)
        left join telecom_call_charge origin on origin.id = c.refunds_id and origin.started_at = c.started_at
        cross join lateral (select coalesce(origin.terms, c.terms) as terms) frozen
        left join telecom_call_correction_price corrected
            on corrected.run_id = (frozen.terms ->> 'run')::integer and corrected.price = (frozen.terms ->> 'price')::integer
        cross join lateral (select coalesce(corrected.terms, frozen.terms) as terms) used
    where not exists (select from telecom_invoiced_charge invoiced where invoiced.charge_id = c.id)
        and (%s::integer[] is null or c.run_id = any (%s::integer[]));
create index on telecom_invoice_chosen (account_id, corrects_id);
create index on telecom_invoice_chosen (refunds_id);
analyze telecom_invoice_chosen;
update telecom_invoice_chosen one set cancelled = true
    from telecom_invoice_chosen back join telecom_invoice_chosen given
        on given.id = back.refunds_id and given.account_id = back.account_id
            and given.corrects_id is not distinct from back.corrects_id
    where one.id in (back.id, given.id)
