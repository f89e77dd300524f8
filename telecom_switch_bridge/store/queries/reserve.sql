-- Sets money aside for a batch of calls and counts them where limits hold: requests in, outcomes out, in the same order.
select telecom_switch_reserve($1::jsonb, $2::jsonb)
