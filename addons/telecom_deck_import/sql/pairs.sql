-- All others: the file's price and the deck's, where they differ. The same rule as `compare` of tools/timeline.py.
create temporary table price_pair on commit drop as
select new.line, coalesce(new.key, old.key) as key, new.name, new.starts, new.ends, new.fee_micro, new.price_micro,
       new.unit_s, new.first_s, new.next_s, new.included_s, new.extra,
       old.row_id, old.starts as old_starts, old.ends as old_ends, old.fee_micro as old_fee_micro,
       old.price_micro as old_price_micro, old.unit_s as old_unit_s, old.first_s as old_first_s,
       old.next_s as old_next_s, old.included_s as old_included_s, old.extra as old_extra,
       coalesce(old.starts <= new.starts and (old.ends is null or old.ends > new.starts), false) as old_holds
  from price_new new
  full join price_old old on old.key = new.key
 where (new.line is not null or %(full)s)
   and (new.line is null
        or old.row_id is null
        or old.starts > new.starts
        or old.price_micro <> new.price_micro
        or old.ends is distinct from new.ends
        or (old.fee_micro, old.unit_s, old.first_s, old.next_s, old.included_s)
           <> (new.fee_micro, new.unit_s, new.first_s, new.next_s, new.included_s)
        or old.extra is distinct from new.extra)
   and coalesce(new.key, old.key) not in (select key from price_multi)
