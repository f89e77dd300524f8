-- Lines that give a prefix or destination a price from an instant that an earlier line has given it: the earlier line,
-- and whether both say the same.
select later.line, later.key, first.line as first_line,
       (later.ends, later.fee_micro, later.price_micro, later.unit_s, later.first_s, later.next_s, later.included_s,
        later.extra)
       is not distinct from
       (first.ends, first.fee_micro, first.price_micro, first.unit_s, first.first_s, first.next_s, first.included_s,
        first.extra) as same
  from (select *, first_value(place) over (partition by key, starts order by line, place) as first_place
          from (select *, ctid as place from price_new where key = any (%(repeated)s)) listed) later
  join price_new first on first.ctid = later.first_place
 where later.place <> later.first_place
 order by later.line
