-- Lines of node $1 that a person wants to have read again, oldest first.
select id as line_id, file_id, line_offset, coalesce(repaired_line, line) as line, again_asked_by as asked_by
  from telecom_journal_set_aside
 where node = $1 and again_asked_at is not null and resolved_at is null
 order by id limit 100
