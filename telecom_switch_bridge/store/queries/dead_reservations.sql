-- Reservations without an answered leg of other nodes than $1 whose bridges have been silent for $2 seconds.
select reservation.call_ref, reservation.node
  from telecom_reservation reservation join telecom_switch_node node on node.name = reservation.node
 where reservation.node <> $1 and node.heartbeat_at < now() - make_interval(secs => $2)
   and not exists (select from telecom_leg_open leg where leg.call_ref = reservation.call_ref)
