-- In place of old_deck.sql: those of its rows only that are in price_old_row.
create temporary table price_old_row (row_id bigint not null) on commit drop;
create or replace temporary view price_old as
select id as row_id, prefix as key, coalesce(valid_from, '-infinity') as starts, valid_to as ends,
       connect_fee_micro as fee_micro, price_micro, price_unit_s as unit_s, first_increment_s as first_s,
       next_increment_s as next_s, included_s, null::jsonb as extra, to_jsonb(deck) as snapshot
  from telecom_deck_rate deck
 where id in (select row_id from price_old_row)
