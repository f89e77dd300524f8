-- Wallets, their entries, and reservations of running calls. Safe to run again.
-- Amounts: 1/1,000,000 unit of the account's currency (charging.md rule 1). Written only by the functions beside.

create table if not exists telecom_wallet (
    account_id integer primary key references telecom_billing_account (id) on delete restrict,
    balance_micro bigint not null default 0,
    reserved_micro bigint not null default 0 check (reserved_micro >= 0),
    credit_limit_micro bigint not null default 0 check (credit_limit_micro >= 0)
) with (fillfactor = 50);  -- room on the page: balance and reserved change with every call (HOT updates)

create table if not exists telecom_wallet_entry (
    id bigserial primary key,
    account_id integer not null,  -- no foreign key: the functions lock the wallet first; a trigger keeps the wallet
    posted_at timestamptz not null default now(),
    kind text not null check (kind in ('topup', 'charge', 'adjustment', 'reversal', 'refund', 'opening')),
    amount_micro bigint not null check (amount_micro <> 0),
    balance_after_micro bigint not null,
    idempotency_key text not null unique,
    reference text,
    reverses_id bigint references telecom_wallet_entry (id),
    user_id integer,
    check ((kind = 'reversal') = (reverses_id is not null)),
    check (kind <> 'topup' or amount_micro > 0)
);
create index if not exists telecom_wallet_entry_account_idx on telecom_wallet_entry (account_id, id desc);
create index if not exists telecom_wallet_entry_posted_idx on telecom_wallet_entry using brin (posted_at);
create unique index if not exists telecom_wallet_entry_reverses_idx
    on telecom_wallet_entry (reverses_id) where reverses_id is not null;

create table if not exists telecom_reservation (
    call_ref text primary key,
    node text,
    channel_uniqueid text,
    account_ids integer[] not null,
    amounts_micro bigint[] not null,
    granted_s integer not null,
    frozen jsonb not null,
    created_at timestamptz not null default now(),
    extended_at timestamptz not null default now(),
    counted_on text[],  -- names that limits of concurrent calls count by (telecom_switch)
    check (cardinality(account_ids) = cardinality(amounts_micro))
);
alter table telecom_reservation add column if not exists counted_on text[];  -- databases made before it
do $$ begin  -- written and read once a call, never kept: quick matters, small does not
    alter table telecom_reservation alter column frozen set compression lz4;
exception when feature_not_supported then
    null;  -- a server built without it
end $$;
create index if not exists telecom_reservation_channel_idx on telecom_reservation (node, channel_uniqueid);

create or replace function telecom_wallet_entry_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'wallet entries are never changed or deleted; post a reversal instead'
        using errcode = 'BSS04';
end $$;

create or replace trigger telecom_wallet_entry_append_only before update or delete on telecom_wallet_entry
    for each row execute function telecom_wallet_entry_refuse_change();
create or replace trigger telecom_wallet_entry_no_truncate before truncate on telecom_wallet_entry
    for each statement execute function telecom_wallet_entry_refuse_change();

create or replace function telecom_wallet_keep_used() returns trigger language plpgsql as $$
begin
    if old.balance_micro <> 0 or old.reserved_micro <> 0
        or exists (select from telecom_wallet_entry where account_id = old.account_id) then
        raise exception 'wallet of account % is in use', old.account_id using errcode = 'BSS04';
    end if;
    return old;
end $$;

create or replace trigger telecom_wallet_keep_used before delete on telecom_wallet
    for each row execute function telecom_wallet_keep_used();
