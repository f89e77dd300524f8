-- Remembers an answered leg until its end; a leg that is known stays as it is.
insert into telecom_leg_open (leg_uniqueid, node, call_ref, attempt, linkedid, channel, userfield, answered_at, seen_at,
                              clock_offset_us, boot_id, transferred_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (leg_uniqueid) do nothing
