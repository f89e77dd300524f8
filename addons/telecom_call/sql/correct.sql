-- Charges that are corrected afterwards (re-rating): what is to change is laid down in telecom_call_correction, then
-- telecom_call_correct posts all of a run in the caller's transaction, or nothing.

create table if not exists telecom_call_correction_price (
    run_id integer not null,
    price integer not null,
    terms jsonb not null,  -- of the new charges: plan, rate, tariff, taxes
    primary key (run_id, price)
);

create table if not exists telecom_call_correction (
    run_id integer not null,
    record_id bigint not null,
    started_at timestamptz not null,
    charge_id bigint not null,  -- the charge that is given back
    level smallint not null,
    is_top boolean not null,  -- the highest level: what it pays is the owner's revenue
    account_id integer not null,
    price integer not null,  -- of telecom_call_correction_price
    billed_s integer not null,
    old_net_micro bigint not null,
    old_tax_micro bigint not null,
    net_micro bigint not null,
    tax_micro bigint not null,
    primary key (run_id, charge_id)
);
create index if not exists telecom_call_correction_account_idx on telecom_call_correction (run_id, account_id);

create or replace function telecom_call_correct(run integer, undo boolean, key text, reason text, user_id integer)
returns bigint
language plpgsql security definer set search_path = public, pg_temp
    set enable_nestloop = on set plan_cache_mode = force_custom_plan set work_mem = '128MB' as $$
-- Give back the charges of a run's corrections and charge their calls anew; `undo`: the other way round. Returns how
-- many charges were corrected. Raises BSS07 when a charge is not in force any more (it was corrected by another run
-- meanwhile, or this one is done already). Wallets are locked last, so that calls wait for them as little as possible.
declare
    stale bigint;
    accounts integer[];
    refunds bigint[];
    charges bigint[];
    refund_ids bigint[];
    charge_ids bigint[];
    moved bigint;
    first_at timestamptz;
    last_at timestamptz;
    corrections bigint;
    sign integer := case when undo then -1 else 1 end;
begin
    perform pg_advisory_xact_lock(hashtext('telecom_call_correct'));
    select array_agg(account_id order by account_id), array_agg(refund order by account_id),
            array_agg(charge order by account_id) into accounts, refunds, charges
        from (
            select l.account_id,
                sum(case when undo then l.net_micro + l.tax_micro else l.old_net_micro + l.old_tax_micro end)::bigint as refund,
                sum(case when undo then l.old_net_micro + l.old_tax_micro else l.net_micro + l.tax_micro end)::bigint as charge
            from telecom_call_correction l where l.run_id = run group by 1
        ) s;
    if accounts is null then
        return 0;
    end if;
    refund_ids := telecom_wallet_entry_ids(refunds);
    charge_ids := telecom_wallet_entry_ids(charges);
    select min(started_at), max(started_at), count(*) into first_at, last_at, corrections
        from telecom_call_correction l where l.run_id = run;
    if corrections > 1000 then
        -- They were written a moment ago: the planner takes them for a few, and would go through all accounts, or without
        -- statistics of the month all charges, for each of them. Holds until the function's end.
        set local enable_nestloop = off;
    end if;
    begin
        insert into telecom_call_charge (
            record_id, leg_uniqueid, direction, started_at, answered_at, level, account_id, company_id, from_number,
            dialled, e164, destination_id, answered_s, billed_s, plan_id, currency, net_micro, tax_micro, gross_micro,
            entry_id, terms, run_id, refunds_id, customer_company_id
        )
        select c.record_id, c.leg_uniqueid, c.direction, c.started_at, c.answered_at, c.level, c.account_id,
            c.company_id, c.from_number, c.dialled, c.e164, c.destination_id,
            case when gives_back then -c.answered_s else c.answered_s end,
            case when gives_back then -c.billed_s else l.billed_s end, c.plan_id, c.currency, part.net, part.tax,
            part.net + part.tax,
            case when part.net + part.tax = 0 then null when gives_back then e.refund_id else e.charge_id end,
            case when gives_back then null when undo then (select first.terms from telecom_call_charge first
                    where first.id = l.charge_id and first.started_at = l.started_at)
                else jsonb_strip_nulls(jsonb_build_object('run', run, 'price', l.price,  -- what was included stays taken
                    'included_s', c.terms -> 'included_s', 'held_s', c.terms -> 'held_s')) end,
            sign * run, case when gives_back then c.id end, c.customer_company_id
        from telecom_call_correction l
            join telecom_call_charge c on c.started_at = l.started_at and c.refunds_id is null
                and c.started_at between first_at and last_at and case when undo
                    then c.run_id = run and c.record_id = l.record_id and c.account_id = l.account_id
                    else c.id = l.charge_id end
            join unnest(accounts, refund_ids, charge_ids) as e (account_id, refund_id, charge_id)
                on e.account_id = l.account_id
            cross join lateral (values
                (true, -c.net_micro, -c.tax_micro),
                (false, case when undo then l.old_net_micro else l.net_micro end,
                    case when undo then l.old_tax_micro else l.tax_micro end)
            ) as part (gives_back, net, tax)
        where l.run_id = run;
        get diagnostics moved = row_count;
        moved := moved / 2;
    exception when unique_violation then
        raise exception 'a charge of run % has been corrected since', run using errcode = 'BSS07';
    end;
    stale := corrections - moved;
    if stale <> 0 then
        raise exception '% charges of run % have been corrected since', stale, run using errcode = 'BSS07';
    end if;
    update telecom_call_record r
        set revenue_net_micro = r.revenue_net_micro + sign * (l.net_micro - l.old_net_micro),
            revenue_gross_micro = r.revenue_gross_micro
                + sign * (l.net_micro + l.tax_micro - l.old_net_micro - l.old_tax_micro)
        from telecom_call_correction l
        where l.run_id = run and l.is_top and r.id = l.record_id and r.started_at = l.started_at
            and r.started_at between first_at and last_at;
    perform telecom_wallet_correct(accounts, refunds, charges, refund_ids, charge_ids, key, reason, user_id);
    return moved;
end $$;
