-- For explain: prices of every carrier for some prefixes, over or not.
select * from switch_v1_deck_rate where prefix collate "C" = any ($1::text[])
