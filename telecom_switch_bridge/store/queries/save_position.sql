-- How far (bytes) the journal of a node has been taken in.
insert into telecom_journal_offset (node, file_id, read_offset, updated_at)
values ($1, $2, $3, now())
on conflict (node) do update set file_id = excluded.file_id, read_offset = excluded.read_offset, updated_at = now()
