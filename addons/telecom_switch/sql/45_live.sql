-- Calls in progress for pages: who watches, the hint that something changed, and commands of people to the switch.
-- The truth about a living call is its reservation and its open leg: a start, answer, extension or end is published by
-- the very transaction that writes them (charging.md 14). Nothing is written a second time.

-- Pages say here that they are open; while none is, events cost one look into this table and nothing more.
create table if not exists telecom_live_watch (
    single boolean primary key default true check (single),
    watched_until timestamptz not null default '-infinity'
);
insert into telecom_live_watch default values on conflict do nothing;

-- A page is open: events are published for the next minute.
create or replace function telecom_live_watch() returns void language sql as $$
    update telecom_live_watch set watched_until = now() + interval '60 s'
     where watched_until < now() + interval '40 s'
$$;

create or replace function telecom_live_changed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from telecom_live_watch where watched_until > now()) then
        perform pg_notify('bss_live', 'calls');  -- sent at commit; equal ones of a transaction are one
    end if;
    return null;
end $$;

create or replace trigger switch_live after insert or update of granted_s or delete on telecom_reservation
    for each statement execute function telecom_live_changed();
create or replace trigger switch_live after insert or delete on telecom_leg_open
    for each statement execute function telecom_live_changed();

-- Tell the staff's open pages to look again: a bus row that says nothing else (record rules decide what each page then
-- reads), on the channel of the group's record, which nobody else can subscribe. Returns what must be sent as
-- `NOTIFY imbus` in the database `postgres`, where Odoo's web servers listen.
create or replace function telecom_live_publish() returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    channel text;
begin
    select format('[%s,"res.groups",%s]', to_json(current_database()::text), res_id) into channel
      from ir_model_data where module = 'telecom_base' and name = 'group_staff';
    insert into bus_bus (create_date, channel, message)
    values (now() at time zone 'UTC', channel, '{"type":"telecom_live_call","payload":{}}');
    return '[' || channel || ']';
end $$;

-- A command is a row: the bridge of its node carries it out once and writes the outcome.
create table if not exists telecom_switch_command (
    id bigserial primary key,
    kind text not null check (kind = 'hang_up'),
    node text not null,
    call_ref text not null,
    account_id integer,
    from_number text,
    to_number text,
    asked_by integer not null,
    asked_at timestamptz not null default now(),
    outcome text check (outcome in ('done', 'gone', 'expired')),
    done_at timestamptz,
    check ((outcome is null) = (done_at is null))
);
create unique index if not exists telecom_switch_command_open
    on telecom_switch_command (call_ref, kind) where outcome is null;

-- Ask for the end of a call. Null: the call is over already. Asked twice: the command that is still open.
create or replace function telecom_switch_hang_up(wanted_call_ref text, user_id int) returns bigint
language plpgsql as $$
declare
    command_id bigint;
begin
    insert into telecom_switch_command (kind, node, call_ref, account_id, from_number, to_number, asked_by)
        select 'hang_up', node, call_ref, (frozen ->> 'account_id')::int, frozen ->> 'from_number',
            coalesce(nullif(frozen ->> 'e164', ''), frozen ->> 'dialled'), user_id
        from telecom_reservation where call_ref = wanted_call_ref
        on conflict (call_ref, kind) where outcome is null do nothing
        returning id into command_id;
    if command_id is null then
        select id into command_id from telecom_switch_command
         where call_ref = wanted_call_ref and kind = 'hang_up' and outcome is null;
    end if;
    perform pg_notify('bss_live', 'command');
    return command_id;
end $$;
