-- Tables that only the bridges write. Odoo reads them; a new version adds columns and never drops one in the same release.

-- One row a bridge; heartbeat_at is written every 5 s and is the proof of life of its node (charging rule 13).
create table if not exists telecom_switch_node (
    id serial primary key,
    name text not null unique,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    version text not null default '',
    info jsonb not null default '{}'
);

-- How far (bytes) a node's leg journal has been settled; moves in the transaction of the settlement.
create table if not exists telecom_journal_offset (
    node text primary key,
    file_id text not null,
    read_offset bigint not null check (read_offset >= 0),
    updated_at timestamptz not null default now()
);

-- Journal lines that could not be read: nothing was charged for them, a person has to look.
create table if not exists telecom_journal_set_aside (
    id bigserial primary key,
    node text not null,
    file_id text not null,
    line_offset bigint not null,
    line text not null,
    reason text not null,
    set_aside_at timestamptz not null default now(),
    resolved_at timestamptz,
    unique (node, file_id, line_offset)
);
alter table telecom_journal_set_aside add column if not exists resolved_by int;
alter table telecom_journal_set_aside add column if not exists resolution text;
-- A person asks the node's bridge to read the line again: as it is, or as it was repaired.
alter table telecom_journal_set_aside add column if not exists again_asked_at timestamptz;
alter table telecom_journal_set_aside add column if not exists again_asked_by int;
alter table telecom_journal_set_aside add column if not exists repaired_line text;
alter table telecom_journal_set_aside add column if not exists again_answer text;
create index if not exists telecom_journal_set_aside_open
    on telecom_journal_set_aside (set_aside_at) where resolved_at is null;

-- Answered legs whose end has not come yet; survives a restart of the bridge.
create table if not exists telecom_leg_open (
    leg_uniqueid text primary key,
    node text not null,
    call_ref text,
    attempt int,
    linkedid text,
    channel text,
    userfield text,
    answered_at timestamptz not null,
    seen_at timestamptz not null default now()
);
create index if not exists telecom_leg_open_node on telecom_leg_open (node);
create index if not exists telecom_leg_open_call on telecom_leg_open (call_ref);
-- Wall clock less clock since boot when the leg was answered (microseconds), and which boot: a clock that is set in mid
-- call changes no duration.
alter table telecom_leg_open add column if not exists clock_offset_us bigint;
alter table telecom_leg_open add column if not exists boot_id text;
alter table telecom_leg_open add column if not exists transferred_by text not null default '';

-- What the sweeps of the bridges found, and what they did about it; nothing is ever changed here, old ones are deleted.
create table if not exists telecom_switch_finding (
    id bigserial primary key,
    found_at timestamptz not null default now(),
    node text not null,
    kind text not null,
    call_ref text,
    leg_uniqueid text,
    channel text,
    seconds numeric,
    detail text not null default ''
);
create index if not exists telecom_switch_finding_found on telecom_switch_finding (found_at);
create index if not exists telecom_switch_finding_node on telecom_switch_finding (node, found_at);

-- Delete findings that are older than so many days; how many. Called once a day (models/telecom_switch_finding.py).
create or replace function telecom_switch_forget_findings(keep_days integer) returns bigint
language sql as $$
    with gone as (
        delete from telecom_switch_finding where found_at < now() - make_interval(days => keep_days) returning 1
    )
    select count(*) from gone
$$;

-- How a node finds a trunk: one row a node and active trunk, written when the state changes. `since` is when it did.
create table if not exists telecom_trunk_state (
    id serial primary key,
    node text not null,
    trunk_id int not null,
    state text not null check (state in ('unknown', 'reachable', 'registered', 'unreachable', 'rejected')),
    since timestamptz not null,
    unique (node, trunk_id)
);

-- A person has looked at set-aside lines and says what was done about them; lines resolved before keep their first answer.
create or replace function telecom_journal_resolve(line_ids bigint[], user_id int, what_was_done text) returns int
language sql as $$
    with done as (
        update telecom_journal_set_aside
           set resolved_at = now(), resolved_by = user_id, resolution = what_was_done
         where id = any (line_ids) and resolved_at is null
        returning 1)
    select count(*)::int from done
$$;

-- Ask the bridges to read open lines again; `repaired` replaces the text of the line, null: as it stands. How many.
create or replace function telecom_journal_read_again(line_ids bigint[], user_id int, repaired text) returns int
language sql as $$
    with asked as (
        update telecom_journal_set_aside
           set again_asked_at = now(), again_asked_by = user_id, again_answer = null,
               repaired_line = coalesce(repaired, repaired_line)
         where id = any (line_ids) and resolved_at is null
        returning 1), told as (select pg_notify('bss_live', 'command'))
    select count(*)::int from asked, told group by ()
$$;
