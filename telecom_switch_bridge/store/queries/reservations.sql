-- Reservations that still exist, by call_ref ($1); without the terms of those ($2) that are of the channel given ($3).
select r.call_ref, r.channel_uniqueid, r.granted_s,
       case when known.channel is distinct from r.channel_uniqueid then telecom_call_whole_terms(r.frozen) end as frozen,
       r.created_at
  from telecom_reservation r
  left join unnest($2::text[], $3::text[]) as known (call_ref, channel) on known.call_ref = r.call_ref
 where r.call_ref = any ($1::text[])
