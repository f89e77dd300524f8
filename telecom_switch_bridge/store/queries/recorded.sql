-- Legs that have a call record; started_at ($2, $3: earliest and latest of the legs' own ids) finds the partitions.
select leg_uniqueid, direction
  from telecom_call_record
 where leg_uniqueid = any ($1::text[]) and started_at between $2 and $3
