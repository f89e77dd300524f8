-- What Odoo reads and writes of the decks: amounts in currency units with 6 decimals, times in UTC without a zone.

drop view if exists telecom_deck_rate_page;
create view telecom_deck_rate_page as
select deck.id,
       deck.carrier_id,
       deck.direction,
       deck.prefix,
       (deck.connect_fee_micro / 1000000.0)::numeric(20, 6) as connect_fee,
       (deck.price_micro / 1000000.0)::numeric(20, 6) as price,
       deck.price_unit_s,
       deck.first_increment_s,
       deck.next_increment_s,
       deck.included_s,
       deck.valid_from at time zone 'UTC' as valid_from,
       deck.valid_to at time zone 'UTC' as valid_to
  from telecom_deck_rate deck;

-- An amount of the page as 1/1,000,000 unit; finer ones are refused, never rounded (charging.md 2).
create or replace function telecom_deck_micro(amount numeric) returns bigint language plpgsql immutable as $$
begin
    if amount * 1000000 <> trunc(amount * 1000000) then
        raise exception 'amount % has more than 6 decimals', amount using errcode = 'numeric_value_out_of_range';
    end if;
    return (amount * 1000000)::bigint;
end $$;

create or replace function telecom_deck_rate_page_write() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        delete from telecom_deck_rate where id = old.id;
        return old;
    elsif tg_op = 'UPDATE' then
        update telecom_deck_rate
           set carrier_id = new.carrier_id,
               direction = new.direction,
               prefix = new.prefix,
               connect_fee_micro = telecom_deck_micro(new.connect_fee),
               price_micro = telecom_deck_micro(new.price),
               price_unit_s = new.price_unit_s,
               first_increment_s = new.first_increment_s,
               next_increment_s = new.next_increment_s,
               included_s = new.included_s,
               valid_from = new.valid_from at time zone 'UTC',
               valid_to = new.valid_to at time zone 'UTC'
         where id = old.id;
        return new;
    end if;
    insert into telecom_deck_rate (
        carrier_id, direction, prefix, connect_fee_micro, price_micro, price_unit_s, first_increment_s, next_increment_s,
        included_s, valid_from, valid_to)
    values (
        new.carrier_id, coalesce(new.direction, 'outbound'), new.prefix,
        telecom_deck_micro(coalesce(new.connect_fee, 0)), telecom_deck_micro(new.price),
        coalesce(new.price_unit_s, 60), coalesce(new.first_increment_s, 1), coalesce(new.next_increment_s, 1),
        coalesce(new.included_s, 0), new.valid_from at time zone 'UTC', new.valid_to at time zone 'UTC')
    returning id into new.id;
    return new;
end $$;

create trigger telecom_deck_rate_page_write instead of insert or update or delete on telecom_deck_rate_page
    for each row execute function telecom_deck_rate_page_write();
