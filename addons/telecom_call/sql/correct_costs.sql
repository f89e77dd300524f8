-- Carriers' costs (and what they pay us) that are corrected afterwards: what is to change is laid down in
-- telecom_call_cost_correction, then telecom_call_correct_costs posts all of a run in the caller's transaction, or nothing.
-- What the settlement wrote stays in the record as it was; beside it stands by how much it was corrected. The carrier
-- ledger gets lines of the difference: its lines are never changed.

create table if not exists telecom_call_cost_price (
    run_id integer not null,
    price integer not null,
    terms jsonb not null,  -- the carrier's terms that hold instead of the frozen ones
    primary key (run_id, price)
);

create table if not exists telecom_call_cost_correction (
    id bigint generated always as identity unique,
    run_id integer not null,
    record_id bigint not null,
    started_at timestamptz not null,
    carrier_id integer not null,
    direction text not null,  -- outbound: the carrier takes it; inbound: the carrier pays it
    price integer not null,  -- of telecom_call_cost_price
    currency text not null,
    old_currency text,  -- null: the leg had no amount
    old_run_id integer not null,  -- the correction that is in force before this one; 0: none
    old_billed_s integer not null,
    billed_s integer not null,
    old_micro bigint not null,
    micro bigint not null,
    primary key (run_id, record_id)
);

create or replace function telecom_call_correct_costs(run integer, undo boolean) returns bigint
language plpgsql security definer set search_path = public, pg_temp
    set enable_nestloop = on set plan_cache_mode = force_custom_plan set work_mem = '128MB' as $$
-- Put the costs of a run's corrections in force; `undo`: those that were in force before. Returns how many legs were
-- corrected. Raises BSS07 when one has been corrected by another run since, or this one is done already.
declare
    first_at timestamptz;
    last_at timestamptz;
    corrections bigint;
    moved bigint;
    sign integer := case when undo then -1 else 1 end;
begin
    perform pg_advisory_xact_lock(hashtext('telecom_call_correct'));
    select min(started_at), max(started_at), count(*) into first_at, last_at, corrections
        from telecom_call_cost_correction l where l.run_id = run;
    if corrections > 1000 then
        set local enable_nestloop = off;  -- as in telecom_call_correct: the planner takes them for a few
    end if;
    update telecom_call_record r
        set carrier_cost_correction_micro = coalesce(r.carrier_cost_correction_micro, 0)
                + case when l.direction = 'outbound' then sign * (l.micro - l.old_micro) else 0 end,
            carrier_revenue_correction_micro = coalesce(r.carrier_revenue_correction_micro, 0)
                + case when l.direction = 'inbound' then sign * (l.micro - l.old_micro) else 0 end,
            carrier_billed_correction_s = coalesce(r.carrier_billed_correction_s, 0)
                + sign * (l.billed_s - l.old_billed_s),
            carrier_currency = case when undo then l.old_currency else l.currency end,
            cost_run_id = nullif(case when undo then l.old_run_id else run end, 0)
        from telecom_call_cost_correction l
        where l.run_id = run and r.id = l.record_id and r.started_at = l.started_at
            and r.started_at between first_at and last_at
            and coalesce(r.cost_run_id, 0) = case when undo then run else l.old_run_id end;
    get diagnostics moved = row_count;
    if moved <> corrections then
        raise exception '% costs of run % have been corrected since', corrections - moved, run using errcode = 'BSS07';
    end if;
    insert into telecom_carrier_ledger (
        day, carrier_id, direction, currency, legs, answered, duration_us, billed_s, cost_micro, revenue_micro)
    select (l.started_at at time zone 'UTC')::date, l.carrier_id, l.direction, l.currency, 0, 0, 0,
        sign * sum(l.billed_s - l.old_billed_s),
        sign * coalesce(sum(l.micro - l.old_micro) filter (where l.direction = 'outbound'), 0),
        sign * coalesce(sum(l.micro - l.old_micro) filter (where l.direction = 'inbound'), 0)
    from telecom_call_cost_correction l where l.run_id = run
    group by 1, 2, 3, 4 order by 1, 2, 3, 4;
    return moved;
end $$;
