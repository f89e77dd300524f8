-- Months of call records. A call outside every month goes to the DEFAULT partition, and from there to its month when
-- that is made.

create or replace function telecom_call_ensure_partition(parent text, month_start date) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
-- Make the partition of one table for one month (UTC). False: it is there already.
declare
    partition text := format('%s_%s', parent, to_char(month_start, 'YYYY_MM'));
    from_at timestamptz := month_start::timestamp at time zone 'UTC';
    to_at timestamptz := (month_start + interval '1 month') at time zone 'UTC';
begin
    if to_regclass(partition) is not null then
        return false;
    end if;
    -- made apart and attached, which does not stop those who read or write other months
    execute format('create table %I (like %I including defaults including constraints)', partition, parent);
    execute format('with moved as (delete from %I where started_at >= %L and started_at < %L returning *)
        insert into %I select * from moved', parent || '_default', from_at, to_at, partition);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, partition, from_at, to_at);
    return true;
end $$;

create or replace function telecom_call_ensure_partitions(from_month date, months integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
-- Make the partitions of call records and charges for `months` months from the month of `from_month`.
-- Returns how many were made. Gives up after 5 s rather than to hold calls up behind its lock.
declare
    made integer := 0;
    month_start date;
    parent text;
begin
    if months not between 1 and 120 then
        raise exception 'give 1 to 120 months, not %', months using errcode = 'BSS03';
    end if;
    perform set_config('lock_timeout', '5s', true);
    perform pg_advisory_xact_lock(hashtext('telecom_call_ensure_partitions'));
    for i in 0 .. months - 1 loop
        month_start := date_trunc('month', from_month::timestamp) + make_interval(months => i);
        foreach parent in array array['telecom_call_record', 'telecom_call_charge'] loop
            made := made + telecom_call_ensure_partition(parent, month_start)::integer;
        end loop;
    end loop;
    return made;
end $$;
