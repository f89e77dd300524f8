-- How far the journal of a node has been taken in.
select file_id, read_offset from telecom_journal_offset where node = $1
