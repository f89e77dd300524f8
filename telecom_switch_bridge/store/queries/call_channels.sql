-- Callers' channels of a node's reservations, by call_ref; `has_leg`: an answered leg of the call is known.
select reservation.call_ref, reservation.channel_uniqueid,
       exists (select from telecom_leg_open leg where leg.call_ref = reservation.call_ref) as has_leg
  from telecom_reservation reservation where reservation.node = $1
