-- Keeps a journal line for a person, and the finding that says so; a line that is known stays as it is.
with kept as (
    insert into telecom_journal_set_aside (node, file_id, line_offset, line, reason)
    values ($1, $2, $3, $4, $5)
    on conflict (node, file_id, line_offset) do nothing
    returning node, reason, line_offset)
insert into telecom_switch_finding (node, kind, detail)
select node, 'line_set_aside', format('%s (offset %s)', reason, line_offset) from kept
