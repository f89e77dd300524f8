-- In place of old_deck.sql: only those of its rows that are in price_old_row, which has them as old_deck_numbers.sql gives them.
create temporary table price_old_row (
    row_id bigint not null,
    prefix bigint not null,
    fee_micro bigint not null,
    price_micro bigint not null,
    unit_s int not null,
    first_s int not null,
    next_s int not null,
    included_s int not null,
    starts timestamptz not null,
    ends timestamptz not null
) on commit drop;
create or replace temporary view price_old as
select row_id, prefix::text as key, starts, nullif(ends, '1970-01-01 00:00+00') as ends, fee_micro, price_micro, unit_s,
       first_s, next_s, included_s, null::jsonb as extra,
       (select to_jsonb(deck) from telecom_deck_rate deck where deck.id = row_id) as snapshot
  from price_old_row
