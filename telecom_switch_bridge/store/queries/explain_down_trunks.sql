-- Trunks that are tried last, and why.
select trunk_id, state, since from switch_v1_trunk_down
