-- As extend.sql, for calls for which included minutes count.
select telecom_allowance_extend($1::jsonb)
