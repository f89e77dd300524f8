-- The audit trail: one line for each changed value of a watched table (20_watch.sql), whoever changed it and however.
-- Lines are never changed. They are deleted only by telecom_audit_clear, when they are older than the owner's
-- administrator has decided to keep them; to begin with all are kept for ever. Safe to run again.

create table if not exists telecom_audit_line (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    user_id integer,  -- no foreign key: the line outlives the user
    user_name text,
    door text not null check (door in ('web', 'api', 'job', 'server', 'sql')),
    address text,
    import_id integer,  -- the price list whose lines hold the old and new prices
    company_id integer,  -- null: the system's own
    category text not null check (category in
        ('price', 'balance', 'limit', 'status', 'permission', 'credential', 'setting')),
    model text not null,
    record_id bigint,
    record_name text,
    plan_id integer,
    account_id integer,
    carrier_id integer,
    of_user_id integer,
    action text not null check (action in ('added', 'changed', 'removed')),
    field text,
    old_value text,
    new_value text,
    row_count bigint not null default 1,
    details text  -- of many rows at once: what happened to each of them, a line a row
);
create index if not exists telecom_audit_line_company on telecom_audit_line (company_id, id desc);
create index if not exists telecom_audit_line_noted on telecom_audit_line
    (coalesce(company_id, case when account_id is null then -1 else -2 end), id desc);
create index if not exists telecom_audit_line_at on telecom_audit_line using brin (at);
create index if not exists telecom_audit_line_plan on telecom_audit_line (plan_id) where plan_id is not null;
create index if not exists telecom_audit_line_account on telecom_audit_line (account_id) where account_id is not null;
create index if not exists telecom_audit_line_carrier on telecom_audit_line (carrier_id) where carrier_id is not null;
create index if not exists telecom_audit_line_of_user on telecom_audit_line (of_user_id) where of_user_id is not null;

create table if not exists telecom_audit_keeping (
    id integer primary key default 1 check (id = 1),
    months integer check (months >= 12)  -- null: for ever
);
insert into telecom_audit_keeping default values on conflict do nothing;

-- Who is changing something: what Odoo said in this transaction; else who is logged in at the database.
create or replace function telecom_audit_teller(
    out user_id integer, out user_name text, out door text, out address text, out import_id integer
) language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    said jsonb := nullif(current_setting('bss.teller', true), '')::jsonb;
begin
    user_id := (said ->> 'user')::integer;
    import_id := (said ->> 'import')::integer;
    address := coalesce(said ->> 'address', host(inet_client_addr()));
    door := coalesce(
        said ->> 'door', case when current_setting('application_name') like 'odoo%' then 'server' else 'sql' end);
    user_name := case when user_id is null then 'database role ' || session_user
                      else telecom_audit_user_name(user_id) end;
end $$;

create or replace function telecom_audit_user_name(of_user integer) returns text
language sql stable security definer set search_path = public, pg_temp as $$
    select partner.name || ' (' || person.login || ')'
      from res_users person join res_partner partner on partner.id = person.partner_id
     where person.id = of_user
$$;

create or replace function telecom_audit_refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.at < now() - make_interval(months => (select months from telecom_audit_keeping)) then
        return old;
    end if;
    raise exception 'lines of the audit trail are never changed, and deleted only when they are too old to be kept'
        using errcode = 'BSS04';
end $$;

create or replace trigger telecom_audit_append_only before update or delete on telecom_audit_line
    for each row execute function telecom_audit_refuse_change();
create or replace trigger telecom_audit_no_truncate before truncate on telecom_audit_line
    for each statement execute function telecom_audit_refuse_change();

create or replace function telecom_audit_note_deleted() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    teller record := telecom_audit_teller();
    gone record;
begin
    select count(*) as lines, max(at) as latest into gone from old_rows;
    if gone.lines > 0 then
        insert into telecom_audit_line (user_id, user_name, door, address, category, model, record_name, action,
                                        old_value, row_count)
        values (teller.user_id, teller.user_name, teller.door, teller.address, 'setting', 'telecom.audit.line',
                'Audit Trail', 'removed', 'lines up to ' || to_char(gone.latest at time zone 'UTC', 'YYYY-MM-DD'),
                gone.lines);
    end if;
    return null;
end $$;

create or replace trigger telecom_audit_note_deleted after delete on telecom_audit_line
    referencing old table as old_rows for each statement execute function telecom_audit_note_deleted();

create or replace function telecom_audit_keep_setting() returns trigger language plpgsql as $$
begin
    raise exception 'how long the audit trail is kept is changed, never removed' using errcode = 'BSS04';
end $$;

create or replace trigger telecom_audit_keep_setting before delete or truncate on telecom_audit_keeping
    for each statement execute function telecom_audit_keep_setting();

create or replace function telecom_audit_clear() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- Delete the lines that are older than is kept. Returns how many there were.
declare
    gone bigint;
begin
    delete from telecom_audit_line
     where at < now() - make_interval(months => (select months from telecom_audit_keeping));
    get diagnostics gone = row_count;
    return gone;
end $$;

-- A table that is emptied at once has no rows to tell about, only that it happened.
create or replace function telecom_audit_truncated() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    teller record := telecom_audit_teller();
begin
    insert into telecom_audit_line (user_id, user_name, door, address, category, model, record_name, action, old_value)
    values (teller.user_id, teller.user_name, teller.door, teller.address, tg_argv[1], tg_argv[0], tg_table_name,
            'removed', 'all rows (truncate)');
    return null;
end $$;

-- What Odoo reads. A line outlives what it is about: names stay in it, links to rows that are gone are empty.
drop view if exists telecom_audit_line_view;
create view telecom_audit_line_view as
    select line.id, line.at at time zone 'UTC' as changed_at, person.id as user_id, line.user_name, line.door,
        line.address, import.id as import_id, company.id as company_id, line.category, line.model,
        line.record_id::integer as record_id, line.record_name, plan.id as plan_id, account.id as account_id,
        carrier.id as carrier_id, of_user.id as of_user_id, line.action, line.field, line.old_value, line.new_value,
        line.row_count::integer as row_count, line.details,
        -- for the rule of who sees a line: as it was noted, so that an index finds it; -1: the system's own
        coalesce(line.company_id, case when line.account_id is null then -1 else -2 end) as noted_company
    from telecom_audit_line line
        left join res_users person on person.id = line.user_id
        left join telecom_price_import import on import.id = line.import_id
        left join res_company company on company.id = line.company_id
        left join telecom_rate_plan plan on plan.id = line.plan_id
        left join telecom_billing_account account on account.id = line.account_id
        left join telecom_carrier carrier on carrier.id = line.carrier_id
        left join res_users of_user on of_user.id = line.of_user_id;
