-- What an import found (`telecom_price_change`, with the row of the deck or plan that a new price ends), which further
-- rows it ends or takes away (`telecom_price_touch`, enough to put them back), and how often a plan was changed.
-- Up to millions of rows an import, so they are no ORM tables. Amounts: 1/1,000,000 unit.

create table if not exists telecom_price_change (
    id bigint generated always as identity primary key,
    import_id int not null,
    result text not null check (result in ('new', 'raised', 'lowered', 'changed', 'closed')),
    line int,  -- of the file; null: closed, because the file does not have it
    key text not null,  -- prefix of a deck; d<id> or g<id> of a plan: destination, group
    name text,
    starts timestamptz not null,
    ends timestamptz,
    fee_micro bigint,
    price_micro bigint,
    unit_s int,
    first_s int,
    next_s int,
    included_s int,
    extra jsonb,  -- further terms of a plan's rate
    old_fee_micro bigint,
    old_price_micro bigint,
    old_unit_s int,
    old_first_s int,
    old_next_s int,
    old_included_s int,
    row_id bigint,  -- the row that ends at `starts`
    row_ends timestamptz,  -- when it would have ended
    check ((line is null) = (result = 'closed')),
    check ((price_micro is null) = (result = 'closed'))
);
do $$ begin
    if not exists (select from information_schema.columns
                    where table_name = 'telecom_price_change' and column_name = 'row_id') then  -- older databases
        alter table telecom_price_change add column row_id bigint, add column row_ends timestamptz;
        -- applied ones keep all their rows in the next table; the others are to be verified again
        update telecom_price_import set state = 'draft' where state = 'verified';
    end if;
end $$;
-- by import alone: with more, each of a million of them would be put in its place, and no page reads in that order
drop index if exists telecom_price_change_import;  -- older databases
drop index if exists telecom_price_change_result;
create index if not exists telecom_price_change_of on telecom_price_change (import_id);

create table if not exists telecom_price_touch (
    import_id int not null,
    row_id bigint not null,
    cut timestamptz,  -- the row ends then; null: it is taken away, `snapshot` has all of it
    old_ends timestamptz,
    snapshot jsonb,
    primary key (import_id, row_id),
    check ((cut is null) = (snapshot is not null))
);

-- Every row that an import ends (at `cut`) or takes away (`snapshot`).
drop view if exists telecom_price_replaced;
create view telecom_price_replaced as
    select import_id, row_id, starts as cut, row_ends as old_ends, null::jsonb as snapshot
      from telecom_price_change where row_id is not null
     union all
    select import_id, row_id, cut, old_ends, snapshot from telecom_price_touch;

-- Instead of foreign keys, which would look the one import up for each of its rows.
alter table telecom_price_change drop constraint if exists telecom_price_change_import_id_fkey;  -- older databases
alter table telecom_price_touch drop constraint if exists telecom_price_touch_import_id_fkey;
create or replace function telecom_price_forget() returns trigger language plpgsql as $$
begin
    delete from telecom_price_change where import_id in (select id from gone);
    delete from telecom_price_touch where import_id in (select id from gone);
    return null;
end $$;
create or replace trigger price_forget after delete on telecom_price_import
    referencing old table as gone for each statement execute function telecom_price_forget();

drop table if exists telecom_price_progress;  -- older databases: telecom_job_progress

create table if not exists telecom_price_version (
    target text primary key,  -- plan:<plan>; the decks count themselves (telecom_deck)
    version bigint not null
);
delete from telecom_price_version where target like 'deck:%';  -- older databases
drop function if exists telecom_price_bump_deck cascade;

-- Whoever changes a plan, by page, import or SQL: an import that was verified before is to be verified again.
create or replace function telecom_price_bump_plan() returns trigger language plpgsql as $$
begin
    insert into telecom_price_version (target, version)
    select distinct 'plan:' || plan_id, 1 from rows_changed order by 1
    on conflict (target) do update set version = telecom_price_version.version + 1;
    return null;
end $$;
drop function if exists telecom_price_bump;  -- older databases

create or replace trigger price_version_insert after insert on telecom_rate
    referencing new table as rows_changed for each statement execute function telecom_price_bump_plan();
create or replace trigger price_version_update after update on telecom_rate
    referencing new table as rows_changed for each statement execute function telecom_price_bump_plan();
create or replace trigger price_version_left after update on telecom_rate
    referencing old table as rows_changed for each statement execute function telecom_price_bump_plan();
create or replace trigger price_version_delete after delete on telecom_rate
    referencing old table as rows_changed for each statement execute function telecom_price_bump_plan();

drop view if exists telecom_price_change_view;
create view telecom_price_change_view as
    select change.id, change.import_id, import.company_id, import.currency_id, change.result, change.line, change.key,
        coalesce(destination.name, destination_group.name, change.key) as what, change.name,
        change.starts at time zone 'UTC' as valid_from, change.ends at time zone 'UTC' as valid_to,
        (change.price_micro / 1000000.0)::numeric(20, 6) as price,
        (change.old_price_micro / 1000000.0)::numeric(20, 6) as old_price,
        (change.fee_micro / 1000000.0)::numeric(20, 6) as connect_fee,
        (change.old_fee_micro / 1000000.0)::numeric(20, 6) as old_connect_fee,
        case when change.old_price_micro > 0 and change.price_micro is not null and change.unit_s = change.old_unit_s
             then round(100.0 * change.price_micro / change.old_price_micro - 100, 1) end as percent,
        change.first_s || '/' || change.next_s as increments,
        change.old_first_s || '/' || change.old_next_s as old_increments
    from telecom_price_change change
        join telecom_price_import import on import.id = change.import_id
        left join telecom_destination destination
            on left(change.key, 1) = 'd' and destination.id = substr(change.key, 2)::int
        left join telecom_destination_group destination_group
            on left(change.key, 1) = 'g' and destination_group.id = substr(change.key, 2)::int;
