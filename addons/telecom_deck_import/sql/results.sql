-- The differences as what they are called on the page.
insert into telecom_price_change (
    import_id, result, line, key, name, starts, ends, fee_micro, price_micro, unit_s, first_s, next_s, included_s,
    extra, old_fee_micro, old_price_micro, old_unit_s, old_first_s, old_next_s, old_included_s, row_id, row_ends)
select %(import_id)s,
       case when line is null then 'closed'
            when not old_holds then 'new'
            when price_micro * old_unit_s > old_price_micro * unit_s then 'raised'
            when price_micro * old_unit_s < old_price_micro * unit_s then 'lowered'
            when fee_micro > old_fee_micro then 'raised'
            when fee_micro < old_fee_micro then 'lowered'
            else 'changed' end,
       line, key, name, coalesce(starts, greatest(old_starts, %(start)s)), ends, fee_micro, price_micro, unit_s,
       first_s, next_s, included_s, extra,
       case when line is null or old_holds then old_fee_micro end,
       case when line is null or old_holds then old_price_micro end,
       case when line is null or old_holds then old_unit_s end,
       case when line is null or old_holds then old_first_s end,
       case when line is null or old_holds then old_next_s end,
       case when line is null or old_holds then old_included_s end,
       -- a row that begins before the new price ends with it
       case when old_starts < coalesce(starts, %(start)s) and (old_ends is null or old_ends > coalesce(starts, %(start)s))
            then row_id end,
       case when old_starts < coalesce(starts, %(start)s) and old_ends > coalesce(starts, %(start)s) then old_ends end
  from price_pair;

-- Rows that begin with the new price or later are taken away.
insert into telecom_price_touch (import_id, row_id, snapshot)
select %(import_id)s, pair.row_id, (select old.snapshot from price_old old where old.row_id = pair.row_id)
  from price_pair pair
 where pair.row_id is not null
   and pair.old_starts >= coalesce(pair.starts, %(start)s)
   and (pair.old_ends is null or pair.old_ends > coalesce(pair.starts, %(start)s))
