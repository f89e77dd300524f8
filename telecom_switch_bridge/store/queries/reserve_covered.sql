-- As reserve.sql, for calls for which included minutes or limits of spending count.
select telecom_switch_reserve_covered($1::jsonb, $2::jsonb)
