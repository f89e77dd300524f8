-- Forgets legs that have ended.
delete from telecom_leg_open where leg_uniqueid = any ($1::text[])
