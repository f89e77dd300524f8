-- What calls have cost in a span of time, and accounts that are locked. Written by the functions of this addon only.
-- The limits stand in the account's row. An account without one has no row here and costs nothing but a look.

create table if not exists telecom_spend_count (
    account_id integer not null references telecom_billing_account (id) on delete cascade,
    span text not null check (span in ('day', 'night')),
    counted_from timestamptz not null,
    counted_to timestamptz not null,
    spent_micro bigint not null,
    primary key (account_id, span)
) with (fillfactor = 50);

-- An account that its own rules have stopped: open until somebody unlocks it. Never changed otherwise, never deleted.
create table if not exists telecom_spend_lock (
    id bigint generated always as identity primary key,
    account_id integer not null references telecom_billing_account (id) on delete cascade,
    rule text not null check (rule in ('day', 'night', 'repeated', 'country')),
    locked_at timestamptz not null default now(),
    most_micro bigint,   -- the limit, where it is one of money
    spent_micro bigint,  -- what calls had cost by then; the rest was set aside for running calls
    called text,         -- the number that was asked for when it was locked
    call_ref text,
    mailed_at timestamptz,
    unlocked_at timestamptz,
    user_id integer references res_users (id) on delete set null
);
-- the fraud rule that locked it, by its name then; null: a limit of money
alter table telecom_spend_lock add column if not exists rule_name text;
create unique index if not exists telecom_spend_lock_open on telecom_spend_lock (account_id) where unlocked_at is null;
create index if not exists telecom_spend_lock_account on telecom_spend_lock (account_id, unlocked_at);
create index if not exists telecom_spend_lock_mail on telecom_spend_lock (id) where mailed_at is null;
