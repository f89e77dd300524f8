-- Open legs of a node.
select leg_uniqueid, call_ref, attempt, linkedid, channel, userfield, answered_at, seen_at,
       coalesce(clock_offset_us, 0) as clock_offset_us, boot_id, transferred_by
  from telecom_leg_open where node = $1
