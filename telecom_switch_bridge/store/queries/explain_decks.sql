-- For explain: prices of every carrier for some prefixes, over or not. By carrier and direction, as decks are kept; the
-- offset keeps PostgreSQL from reading whole decks instead.
select rate.*
  from switch_v1_carrier carrier
 cross join lateral (
    select * from switch_v1_deck_rate deck
     where deck.carrier_id = carrier.carrier_id
       and deck.direction = any ('{outbound,inbound}')
       and deck.prefix collate "C" = any ($1::text[])
    offset 0) rate
