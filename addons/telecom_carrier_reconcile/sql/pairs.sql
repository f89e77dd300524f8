-- Lines of the file that have no leg yet, each with the nearest legs that have no line yet; nearest pairs first.
-- A carrier may write the start of the set-up or of the answer: a leg is near from the one to the other.
select t.n, near.n
  from reconcile_theirs t
 cross join lateral (
       select o.n,
              least(abs(t.start_ms - o.low_ms), abs(t.start_ms - o.high_ms)) as away_ms,
              abs(t.seconds - o.seconds) as longer_s
         from reconcile_ours o
        where o.direction = t.direction
          and o.called = t.called
          and o.low_ms between t.start_ms - %(tolerance_ms)s - %(ring_ms)s and t.start_ms + %(tolerance_ms)s
          and o.high_ms >= t.start_ms - %(tolerance_ms)s
          and o.n not in (select ours from reconcile_pair)
        order by away_ms, longer_s, o.n
        limit %(nearest)s) near
 where t.n not in (select theirs from reconcile_pair)
 order by near.away_ms, near.longer_s, t.n, near.n
