-- As extend.sql, for calls for which included minutes or limits of spending count.
select telecom_switch_extend_covered($1::jsonb)
