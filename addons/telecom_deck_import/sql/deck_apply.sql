-- Ends and takes away what the import replaces, then adds its prices, from %(at)s on at the earliest. A function of
-- telecom_carrier's table for importers; the triggers of the seam tell the bridge at commit.
with gone as (
    delete from telecom_deck_rate deck
     using telecom_price_touch touch  -- only there are rows that are taken away
     where touch.import_id = %(import_id)s and touch.cut is null and deck.id = touch.row_id
    returning deck.id
), ended as (
    update telecom_deck_rate deck
       set valid_to = greatest(touch.cut, %(at)s)
      from telecom_price_replaced touch
     where touch.import_id = %(import_id)s and touch.cut is not null and deck.id = touch.row_id
    returning deck.id
)
select (select count(*) from gone) + (select count(*) from ended)
