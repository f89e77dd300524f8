-- Open legs of other nodes than $1 whose bridges have been silent for $2 seconds, and when each node was last heard.
select leg.node, node.heartbeat_at, leg.leg_uniqueid, leg.call_ref, leg.attempt, leg.linkedid, leg.channel,
       leg.userfield, leg.answered_at, leg.seen_at, coalesce(leg.clock_offset_us, 0) as clock_offset_us, leg.boot_id, leg.transferred_by
  from telecom_leg_open leg join telecom_switch_node node on node.name = leg.node
 where leg.node <> $1 and node.heartbeat_at < now() - make_interval(secs => $2)
