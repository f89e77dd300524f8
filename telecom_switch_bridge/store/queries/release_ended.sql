-- Gives back what callers of node $2 held whose channels ($1) are gone, unless a leg of theirs is answered and open.
select telecom_wallet_release(array(
    select reservation.call_ref
      from telecom_reservation reservation
     where reservation.node = $2 and reservation.channel_uniqueid = any ($1::text[])
       and not exists (select from telecom_leg_open leg where leg.call_ref = reservation.call_ref)))
