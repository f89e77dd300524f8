-- Included seconds of accounts: buckets, their entries, and what living calls hold. Safe to run again.
-- Written only by the functions beside. A bucket is one allowance's seconds of one month, or one block that was bought.

create table if not exists telecom_allowance_bucket (
    id bigserial primary key,
    account_id integer not null references telecom_billing_account (id) on delete restrict,
    allowance_id integer not null references telecom_allowance (id) on delete restrict,
    kind text not null check (kind in ('month', 'block')),
    period_start timestamptz not null,  -- of a month: its first instant in the account's zone; of a block: when it was bought
    valid_to timestamptz,  -- null: for ever; with roll-over a month's seconds are good for one month more
    left_s bigint not null default 0 check (left_s >= 0),  -- sum of the entries
    block_key text unique,  -- the same purchase twice is one
    check (period_start < valid_to),
    check ((kind = 'block') = (block_key is not null))
) with (fillfactor = 50);
create unique index if not exists telecom_allowance_bucket_month_idx
    on telecom_allowance_bucket (account_id, allowance_id, period_start) where kind = 'month';
create index if not exists telecom_allowance_bucket_account_idx on telecom_allowance_bucket (account_id, valid_to);

create table if not exists telecom_allowance_entry (
    id bigserial primary key,
    bucket_id bigint not null references telecom_allowance_bucket (id) on delete restrict,
    posted_at timestamptz not null default now(),
    kind text not null check (kind in ('given', 'used', 'expired', 'reversal')),
    seconds bigint not null check (seconds <> 0),  -- as it moves what is left
    left_after_s bigint not null check (left_after_s >= 0),
    leg_uniqueid text,
    direction text,
    reference text,
    reverses_id bigint unique references telecom_allowance_entry (id),
    user_id integer,
    check ((kind = 'reversal') = (reverses_id is not null)),
    check ((kind = 'used') = (leg_uniqueid is not null and direction is not null))
);
create index if not exists telecom_allowance_entry_bucket_idx on telecom_allowance_entry (bucket_id, id desc);
create unique index if not exists telecom_allowance_entry_leg_idx  -- a leg takes from a bucket once
    on telecom_allowance_entry (leg_uniqueid, direction, bucket_id) where kind = 'used';

create table if not exists telecom_allowance_hold (
    call_ref text collate "C" not null,
    bucket_id bigint not null,
    account_id integer not null,
    seconds integer not null check (seconds > 0),
    primary key (call_ref, bucket_id)
);
create index if not exists telecom_allowance_hold_bucket_idx on telecom_allowance_hold (bucket_id);

create or replace function telecom_allowance_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'entries of included minutes are never changed or deleted; post a reversal instead'
        using errcode = 'BSS04';
end $$;

create or replace trigger telecom_allowance_entry_append_only before update or delete on telecom_allowance_entry
    for each row execute function telecom_allowance_refuse_change();
create or replace trigger telecom_allowance_entry_no_truncate before truncate on telecom_allowance_entry
    for each statement execute function telecom_allowance_refuse_change();

create or replace function telecom_allowance_unhold() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- However a reservation ends (settled, released, swept), its call holds no seconds any more. What a call holds is read
-- under the lock of the bucket by whoever takes from it, so that giving back needs none.
begin
    delete from telecom_allowance_hold h using gone where h.call_ref = gone.call_ref;
    return null;
end $$;

create or replace trigger telecom_allowance_unhold after delete on telecom_reservation
    referencing old table as gone for each statement execute function telecom_allowance_unhold();
