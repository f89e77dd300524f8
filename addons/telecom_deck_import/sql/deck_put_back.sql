-- What the import ended or took away, as it was.
with opened as (
    update telecom_deck_rate deck
       set valid_to = touch.old_ends
      from telecom_price_replaced touch
     where touch.import_id = %(import_id)s
       and touch.cut is not null
       and deck.id = touch.row_id
       and deck.valid_to = greatest(touch.cut, %(at)s)
    returning deck.id
), back as (
    insert into telecom_deck_rate
    select (jsonb_populate_record(null::telecom_deck_rate, touch.snapshot)).*
      from telecom_price_touch touch
     where touch.import_id = %(import_id)s and touch.cut is null
    returning id
)
select (select count(*) from opened) + (select count(*) from back)
