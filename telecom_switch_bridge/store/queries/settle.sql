-- Charges legs: settlements in, outcomes out, in the same order.
select telecom_call_settle($1::jsonb)
