-- Sets money aside for a batch of calls: requests in, outcomes out, in the same order.
select telecom_wallet_reserve($1::jsonb)
