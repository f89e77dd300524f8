-- Keeps price terms ($2) by their keys ($1); those that are known stay as they are.
select telecom_call_keep_terms($1::text[], $2::jsonb)
