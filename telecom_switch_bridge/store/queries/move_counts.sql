-- Calls ($1) that have gone on from one trunk ($2) to another ($3) count there.
select telecom_switch_move_count($1::text[], $2::text[], $3::text[])
