-- Replaces what calls hold by new totals: requests in, outcomes out, in the same order.
select telecom_wallet_extend($1::jsonb)
