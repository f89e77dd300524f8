-- Open legs of a node.
select leg_uniqueid, call_ref, attempt, linkedid, channel, userfield, answered_at, seen_at
  from telecom_leg_open where node = $1
