-- The import's prices, as long as nobody has changed them.
delete from telecom_deck_rate deck
 using telecom_price_change change
 where change.import_id = %(import_id)s
   and change.line is not null
   and deck.carrier_id = %(carrier_id)s
   and deck.direction = %(direction)s
   and deck.prefix collate "C" = change.key
   and deck.valid_from = greatest(change.starts, %(at)s)
   and deck.valid_to is not distinct from change.ends
   and (deck.connect_fee_micro, deck.price_micro, deck.price_unit_s, deck.first_increment_s, deck.next_increment_s,
        deck.included_s)
       = (change.fee_micro, change.price_micro, change.unit_s, change.first_s, change.next_s, change.included_s)
