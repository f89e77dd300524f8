-- One record of each call ($1: call_refs); a call's legs start within a day of its own id's second ($2 to $3).
select distinct on (call_ref) call_ref, direction
  from telecom_call_record
 where call_ref = any ($1::text[]) and started_at between $2 and $3
 order by call_ref
