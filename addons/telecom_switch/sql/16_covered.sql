-- telecom_switch_reserve for calls for which included minutes count (telecom_allowance): seconds and money of all levels
-- and the places in the limits, or nothing of them. Besides its outcomes: `partly` (telecom_allowance_resolve).

create or replace function telecom_switch_reserve_covered(requests jsonb, counts jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    resolved jsonb := telecom_allowance_resolve(requests);
    passed jsonb := telecom_allowance_passed(resolved);
    passed_counts jsonb;
    answers jsonb;
begin
    select coalesce(jsonb_agg(c.count order by c.n), '[]') into passed_counts
        from jsonb_array_elements(counts) with ordinality as c (count, n)
        where not (resolved -> (c.n::integer - 1) ->> 'partly')::boolean;
    answers := telecom_switch_reserve(telecom_allowance_requests(passed), passed_counts);
    perform telecom_allowance_hold_taken(passed, answers, 'taken');
    return telecom_allowance_answers(resolved, answers);
end $$;

create or replace function telecom_live_covered_s(wanted_call_ref text, level jsonb) returns int language sql stable as $$
-- Included seconds that a level of a call holds: it costs nothing so long.
    select case when level ? 'allowance_ids' then (
        select coalesce(sum(seconds), 0)::int from telecom_allowance_hold
         where call_ref = wanted_call_ref and account_id = (level ->> 'account_id')::int) else 0 end
$$;
