-- Adds to open leg $1 who transferred it ($2), and of which call ($3, a linkedid) it is part.
update telecom_leg_open set transferred_by = concat_ws(', ', nullif(transferred_by, ''), $2::text), linkedid = $3
 where leg_uniqueid = $1
