-- Reservations of node $1, $2 seconds old by the database's own clock, that no open leg belongs to.
select reservation.call_ref, reservation.channel_uniqueid
  from telecom_reservation reservation
 where reservation.node = $1 and reservation.created_at < now() - make_interval(secs => $2)
   and not exists (select from telecom_leg_open leg where leg.call_ref = reservation.call_ref)
