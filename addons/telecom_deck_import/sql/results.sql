-- The differences as what they are called on the page.
insert into telecom_price_change (
    import_id, result, line, key, name, starts, ends, fee_micro, price_micro, unit_s, first_s, next_s, included_s,
    extra, old_fee_micro, old_price_micro, old_unit_s, old_first_s, old_next_s, old_included_s)
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
       case when line is null or old_holds then old_included_s end
  from price_pair;

-- Rows that begin before the new price end with it; those that begin with it or later are taken away.
insert into telecom_price_touch (import_id, row_id, cut, old_ends, snapshot)
select %(import_id)s, pair.row_id,
       case when pair.old_starts < edge.cut then edge.cut end,
       pair.old_ends,
       case when pair.old_starts >= edge.cut
            then (select old.snapshot from price_old old where old.row_id = pair.row_id) end
  from price_pair pair
 cross join lateral (select coalesce(pair.starts, %(start)s) as cut) edge
 where pair.row_id is not null
   and (pair.old_ends is null or pair.old_ends > edge.cut)
