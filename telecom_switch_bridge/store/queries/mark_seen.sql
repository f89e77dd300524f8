-- Open legs that Asterisk has just named as living; a clock that was set back counts too.
update telecom_leg_open set seen_at = $2 where leg_uniqueid = any ($1::text[])
