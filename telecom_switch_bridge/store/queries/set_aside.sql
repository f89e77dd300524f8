-- Keeps a journal line for a person; a line that is known stays as it is.
insert into telecom_journal_set_aside (node, file_id, line_offset, line, reason)
values ($1, $2, $3, $4, $5)
on conflict (node, file_id, line_offset) do nothing
