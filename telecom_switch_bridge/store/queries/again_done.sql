-- What came of reading a line ($1) again: $2 = resolved, $3 = in words.
update telecom_journal_set_aside
   set again_answer = $3, again_asked_at = null,
       resolved_at = case when $2 then now() end,
       resolved_by = case when $2 then again_asked_by end,
       resolution = case when $2 then $3 end
 where id = $1 and resolved_at is null
