-- Writes the outcome of a command; one that is written stays.
update telecom_switch_command set outcome = $2, done_at = now() where id = $1 and outcome is null
