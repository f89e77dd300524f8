-- Reservations that still exist, by call_ref.
select call_ref, channel_uniqueid, granted_s, frozen, created_at
  from telecom_reservation where call_ref = any ($1::text[])
