-- The result of a comparison: every line of the file and every leg of ours once.
insert into telecom_statement_line (
    statement_id, result, direction, called, destination_id, started_at, line, their_seconds, their_micro,
    their_currency, record_id, our_started_at, our_seconds, our_micro, note)
select %(statement)s,
       case when o.n is null and t.start_ms between %(from_ms)s and %(to_ms)s - 1 then 'only_theirs'
            when o.n is null then 'outside'
            when abs(t.seconds - o.seconds) > %(tolerance_s)s then 'seconds'
            when %(costs)s and (t.currency <> %(currency)s or t.micro is null
                                or abs(t.micro - o.micro) > %(tolerance_micro)s) then 'cost'
            else 'matched' end,
       t.direction, t.called, o.destination_id, to_timestamp(t.start_ms / 1000.0), t.line, round(t.seconds), t.micro,
       t.currency, o.record_id, o.started_at, o.seconds, o.micro,
       concat_ws('; ', o.note, case when t.currency <> %(currency)s then 'their currency is ' || t.currency end)
  from reconcile_theirs t
  left join reconcile_pair p on p.theirs = t.n
  left join reconcile_ours o on o.n = p.ours
 order by t.n;

insert into telecom_statement_line (
    statement_id, result, direction, called, destination_id, started_at, record_id, our_started_at, our_seconds,
    our_micro, note)
select %(statement)s, 'only_ours', o.direction, o.called, o.destination_id, to_timestamp(o.low_ms / 1000.0),
       o.record_id, o.started_at, o.seconds, o.micro, o.note
  from reconcile_ours o
 where o.low_ms between %(from_ms)s and %(to_ms)s - 1
   and o.n not in (select ours from reconcile_pair)
 order by o.n;

-- Calls that only they have get their destination by the longest prefix, as our legs got theirs.
update telecom_statement_line line
   set destination_id = found.destination_id
  from (select distinct on (numbers.called) numbers.called, prefix.destination_id
          from (select distinct called from telecom_statement_line
                 where statement_id = %(statement)s and destination_id is null) numbers
          join lateral generate_series(1, 15) as places (length) on true
          join telecom_destination_prefix prefix on prefix.prefix = left(numbers.called, places.length)
         order by numbers.called, places.length desc) found
 where line.statement_id = %(statement)s and line.destination_id is null and line.called = found.called;
