-- The books of included minutes in one look: given = used + held + left. No row: all is well.

create or replace function telecom_allowance_problems() returns table (bucket_id bigint, problem text)
language sql stable security definer set search_path = public, pg_temp as $$
    select b.id, format('left %s, but its entries sum to %s', b.left_s, coalesce(e.total, 0))
        from telecom_allowance_bucket b
        left join (select x.bucket_id, sum(x.seconds) as total from telecom_allowance_entry x group by 1) e
            on e.bucket_id = b.id
        where b.left_s <> coalesce(e.total, 0)
    union all
    select b.id, format('calls hold %s, but only %s are left', telecom_allowance_held(b.id), b.left_s)
        from telecom_allowance_bucket b where telecom_allowance_held(b.id) > b.left_s
    union all
    select h.bucket_id, format('call %s holds seconds without a reservation', h.call_ref) from telecom_allowance_hold h
        where not exists (select from telecom_reservation r where r.call_ref = h.call_ref)
    order by 1
$$;
