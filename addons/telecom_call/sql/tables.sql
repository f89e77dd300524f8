-- Call records (one per leg) and charges (one per leg and level), partitioned by the month of the leg's start (UTC).
-- Safe to run again. Written only by telecom_call_settle. Amounts: 1/1,000,000 unit.
-- No foreign keys: a price list or a telephone that is deleted later must not take the record with it, and each key
-- would be looked up for each call; the views beside show what is gone as empty.

create sequence if not exists telecom_call_record_id_seq;
create sequence if not exists telecom_call_charge_id_seq;

create table if not exists telecom_call_record (
    id bigint not null default nextval('telecom_call_record_id_seq'),
    leg_uniqueid text not null,
    direction text not null check (direction in ('outbound', 'inbound', 'internal', 'emergency')),
    started_at timestamptz not null,  -- from the leg's uniqueid, never from the clock of the insert: keys stay stable
    answered_at timestamptz,
    ended_at timestamptz not null,
    duration_us bigint not null default 0,  -- HANGUP - ANSWER (charging.md rule 8)
    node text,
    linkedid text,
    call_ref text,
    attempt integer,
    account_id integer,
    company_id integer,  -- provider of the account
    phone_id integer,
    number_id integer,
    from_number text,
    dialled text,
    e164 text,
    destination_id integer,
    carrier_id integer,
    trunk_id integer,
    hangup_cause integer,
    disposition text not null check (disposition in ('answered', 'busy', 'no_answer', 'failed', 'cancelled')),
    answered_s integer not null default 0,
    carrier_billed_s integer,
    carrier_cost_micro bigint not null default 0,  -- what the carrier takes (outbound)
    carrier_revenue_micro bigint not null default 0,  -- what the carrier pays us (inbound); both in its currency
    carrier_currency text,
    revenue_net_micro bigint not null default 0,  -- the owner's: the charge of the highest level
    revenue_gross_micro bigint not null default 0,
    revenue_currency text,
    terms jsonb,  -- frozen route and price versions
    settled_at timestamptz not null default now(),
    primary key (id, started_at),
    unique (leg_uniqueid, direction, started_at)
) partition by range (started_at);

alter table telecom_call_record  -- databases made before these columns were
    add column if not exists carrier_revenue_micro bigint not null default 0,
    add column if not exists revenue_net_micro bigint not null default 0,
    add column if not exists revenue_gross_micro bigint not null default 0,
    add column if not exists revenue_currency text,
    -- by how much the carrier's amounts and seconds were corrected since they were settled, and the re-rating whose
    -- correction is in force; null: not at all (telecom_call_correct_costs)
    add column if not exists carrier_cost_correction_micro bigint,
    add column if not exists carrier_revenue_correction_micro bigint,
    add column if not exists carrier_billed_correction_s integer,
    add column if not exists cost_run_id integer;

create table if not exists telecom_call_charge (
    id bigint not null default nextval('telecom_call_charge_id_seq'),
    record_id bigint not null,
    leg_uniqueid text not null,
    direction text not null,
    started_at timestamptz not null,
    answered_at timestamptz,
    level smallint not null check (level >= 0),  -- 0: the customer; above it the resellers
    account_id integer not null,
    company_id integer not null,
    from_number text,
    dialled text,
    e164 text,
    destination_id integer,
    answered_s integer not null default 0,
    billed_s integer not null default 0,
    plan_id integer,
    currency text,
    net_micro bigint not null,
    tax_micro bigint not null,
    gross_micro bigint not null,
    entry_id bigint,  -- wallet entry; null for a charge of zero
    terms jsonb,
    run_id integer not null default 0,  -- re-rating that wrote it (negative: its undoing); 0: the settlement
    refunds_id bigint,  -- it gives back that charge: all its amounts and seconds are negative
    customer_company_id integer,  -- the reseller whose account pays; null: a customer's
    primary key (id, started_at),
    check (gross_micro = net_micro + tax_micro)
) partition by range (started_at);

alter table telecom_call_charge  -- databases made before charges could be corrected
    add column if not exists run_id integer not null default 0,
    add column if not exists refunds_id bigint;
do $$
begin  -- databases made before charges named their buyer; once only: it reads all that resellers were charged
    if not exists (select from pg_attribute
                    where attrelid = 'telecom_call_charge'::regclass and attname = 'customer_company_id') then
        alter table telecom_call_charge add column customer_company_id integer;
        update telecom_call_charge charge set customer_company_id = account.customer_company_id
            from telecom_billing_account account
            where account.customer_company_id is not null and charge.account_id = account.id;
    end if;
end $$;
do $$
declare
    older name;
begin
    select conname into older from pg_constraint where conrelid = 'telecom_call_charge'::regclass and contype = 'u';
    if found then
        execute format('alter table telecom_call_charge drop constraint %I', older);
    end if;
end $$;
-- once a leg (there is one record of it) and account by the settlement, once by each re-rating; and a charge is given
-- back once, whoever does it
drop index if exists telecom_call_charge_leg_idx;  -- the same by the leg's text; pages look for charges of a record
create unique index if not exists telecom_call_charge_record_idx
    on telecom_call_charge (record_id, account_id, run_id, (refunds_id is null), started_at);
create unique index if not exists telecom_call_charge_refunds_idx
    on telecom_call_charge (refunds_id, started_at) where refunds_id is not null;

-- Odoo reads times in UTC without a zone: indexes are on the same expression as the views' columns
create index if not exists telecom_call_record_started_idx
    on telecom_call_record ((started_at at time zone 'UTC'), id);
create index if not exists telecom_call_record_account_idx
    on telecom_call_record (account_id, (started_at at time zone 'UTC'), id);
create index if not exists telecom_call_record_linkedid_idx on telecom_call_record (linkedid);
create index if not exists telecom_call_charge_company_idx
    on telecom_call_charge (company_id, (started_at at time zone 'UTC'), id);
create index if not exists telecom_call_charge_account_idx
    on telecom_call_charge (account_id, (started_at at time zone 'UTC'), id);
-- who may see a charge stands in its own row, each way with an index: a page of a reseller finds what it sold and what
-- it bought among everybody's charges; and the owner's, with all companies ticked, the newest of all
create index if not exists telecom_call_charge_customer_company_idx
    on telecom_call_charge (customer_company_id, (started_at at time zone 'UTC'), id)
    where customer_company_id is not null;
create index if not exists telecom_call_charge_started_idx
    on telecom_call_charge ((started_at at time zone 'UTC'), id);

create or replace function telecom_call_charge_buyer() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- An account became a reseller's, or is one no more: what it was charged before goes with it.
begin
    update telecom_call_charge charge set customer_company_id = new.customer_company_id
        where charge.account_id = new.id and charge.customer_company_id is distinct from new.customer_company_id;
    return null;
end $$;

create or replace trigger call_charge_buyer after update of customer_company_id on telecom_billing_account
    for each row when (old.customer_company_id is distinct from new.customer_company_id)
    execute function telecom_call_charge_buyer();

create table if not exists telecom_call_record_default partition of telecom_call_record default;
create table if not exists telecom_call_charge_default partition of telecom_call_charge default;
