-- Open legs that Asterisk has just named as living. Kept in the clock of the leg's answer, like all its times: the one
-- that holds now may be set again before it is read.
update telecom_leg_open
   set seen_at = $2::timestamptz - case when boot_id = $4 and abs($3::bigint - clock_offset_us) >= 50000
                                        then ($3::bigint - clock_offset_us) * interval '1 microsecond'
                                        else interval '0' end
 where leg_uniqueid = any ($1::text[])
