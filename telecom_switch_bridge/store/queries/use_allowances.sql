-- Takes the included seconds of ended legs out of their allowances: held and used seconds of each, in the same order.
select telecom_allowance_use($1::jsonb)
