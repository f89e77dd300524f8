-- How this node found its trunks.
select trunk_id, state, since from telecom_trunk_state where node = $1
