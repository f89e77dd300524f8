-- Frozen terms ($1) with the price terms that they name.
select telecom_call_whole_terms($1::jsonb)
