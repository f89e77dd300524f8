-- The carrier ledger: what carriers are owed and owe us. Lines are added by the settlement's own transaction, from the
-- records that it has just made, so they are exact whatever is delivered twice; a view over the records would be as
-- exact, but a month of it costs seconds at millions of legs. Lines are sums of one settlement and are never changed;
-- telecom_carrier_ledger_fold puts those of one day together, so that the ledger stays some rows a day and carrier.

do $$
begin
    if to_regclass('telecom_carrier_ledger') is not null then
        return;
    end if;
    create table telecom_carrier_ledger (
        id bigint generated always as identity primary key,
        day date not null,  -- UTC day of the leg's start
        carrier_id integer not null,
        direction text not null,
        currency text,  -- of the amounts; null: legs without any
        legs bigint not null,
        answered bigint not null,
        duration_us bigint not null,
        billed_s bigint not null,  -- as the carrier counts
        cost_micro bigint not null,
        revenue_micro bigint not null
    );
    create index telecom_carrier_ledger_day on telecom_carrier_ledger (day, carrier_id);
    insert into telecom_carrier_ledger (
        day, carrier_id, direction, currency, legs, answered, duration_us, billed_s, cost_micro, revenue_micro)
    select (r.started_at at time zone 'UTC')::date, r.carrier_id, r.direction, r.carrier_currency, count(*),
        count(r.answered_at), sum(r.duration_us), coalesce(sum(r.carrier_billed_s), 0), sum(r.carrier_cost_micro),
        sum(r.carrier_revenue_micro)
    from telecom_call_record r where r.carrier_id is not null group by 1, 2, 3, 4;  -- databases older than the ledger
end $$;

drop function if exists telecom_carrier_ledger_add(bigint[], timestamptz, timestamptz);  -- settle.sql adds them itself

create or replace function telecom_carrier_ledger_fold() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- Put the lines of each day, carrier, direction and currency together; sums stay what they are at every moment.
-- Returns how many lines went. Lines that are being added meanwhile are not seen and stay.
declare
    gone_lines bigint;
begin
    if not pg_try_advisory_xact_lock(hashtext('telecom_carrier_ledger_fold')) then
        return 0;
    end if;
    with many as (
        select day, carrier_id, direction, currency from telecom_carrier_ledger group by 1, 2, 3, 4 having count(*) > 1
    ), gone as (
        delete from telecom_carrier_ledger l using many m
        where l.day = m.day and l.carrier_id = m.carrier_id and l.direction = m.direction
            and l.currency is not distinct from m.currency
        returning l.*
    ), folded as (
        insert into telecom_carrier_ledger (
            day, carrier_id, direction, currency, legs, answered, duration_us, billed_s, cost_micro, revenue_micro)
        select day, carrier_id, direction, currency, sum(legs), sum(answered), sum(duration_us), sum(billed_s),
            sum(cost_micro), sum(revenue_micro)
        from gone group by 1, 2, 3, 4
        returning 1
    )
    select (select count(*) from gone) - (select count(*) from folded) into gone_lines;
    return gone_lines;
end $$;

drop view if exists telecom_carrier_ledger_view;
create view telecom_carrier_ledger_view as
    select l.id, l.day, l.carrier_id, l.direction,
        coalesce(currency.id, carrier.currency_id) as currency_id,  -- of legs without an amount: the carrier's, of 0
        l.legs::int, l.answered::int,
        round(l.duration_us / 60000000.0, 2) as minutes, round(l.billed_s / 60.0, 2) as billed_minutes,
        (l.cost_micro / 1000000.0)::numeric(20, 6) as cost,
        (l.revenue_micro / 1000000.0)::numeric(20, 6) as revenue,
        ((l.cost_micro - l.revenue_micro) / 1000000.0)::numeric(20, 6) as owed
    from telecom_carrier_ledger l
        join telecom_carrier carrier on carrier.id = l.carrier_id
        left join res_currency currency on currency.name = l.currency;
