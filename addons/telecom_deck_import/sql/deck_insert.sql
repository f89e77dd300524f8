insert into telecom_deck_rate (
    carrier_id, direction, prefix, connect_fee_micro, price_micro, price_unit_s, first_increment_s, next_increment_s,
    included_s, valid_from, valid_to)
select %(carrier_id)s, %(direction)s, key, fee_micro, price_micro, unit_s, first_s, next_s, included_s,
       greatest(starts, %(at)s), ends
  from telecom_price_change
 where import_id = %(import_id)s and line is not null
