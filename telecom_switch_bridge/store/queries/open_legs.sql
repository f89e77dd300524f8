-- Open legs by uniqueid.
select leg_uniqueid, call_ref, attempt, linkedid, channel, userfield, answered_at, seen_at
  from telecom_leg_open where leg_uniqueid = any ($1::text[])
