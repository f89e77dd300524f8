-- Reservation and extension for calls for which included minutes count (telecom_allowance), whose accounts may spend so
-- much only (telecom_spend_limit) or whose calls are counted (telecom_fraud_rule): seconds, money and places of all
-- levels, or nothing of them. Besides the wallet's outcomes: `partly` (telecom_allowance_resolve); `short` may come with
-- `limited`: [account, rule] of each limit that leaves no room for the least that the call needs.

drop function if exists telecom_allowance_extend(jsonb);  -- before limits of spending

create or replace function telecom_switch_judged(resolved jsonb, verdicts jsonb) returns jsonb
language sql immutable as $$
-- `resolved` with answers for those whose verdict is not null; `verdicts` has one for each that had no answer, or none.
    select coalesce(jsonb_agg(case when r.verdict is null or r.verdict = 'null' then r.one
        else r.one || jsonb_build_object('answer', r.verdict || jsonb_build_object('outcome', 'short'))
        end order by r.n), '[]')
    from (
        select e.one, e.n, case when not e.one ? 'answer' then
            verdicts -> (count(*) filter (where not e.one ? 'answer') over (order by e.n) - 1)::integer end as verdict
        from jsonb_array_elements(resolved) with ordinality as e (one, n)
    ) r
$$;

create or replace function telecom_switch_reserve_covered(requests jsonb, counts jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    limited text[] := telecom_switch_limited_names(counts);
    resolved jsonb;
    passed jsonb;
    passed_counts jsonb;
    answers jsonb;
begin
    perform telecom_switch_hold_limited(limited);  -- before all other locks, those of included minutes too
    resolved := telecom_allowance_resolve(requests);
    perform telecom_switch_living(limited);  -- these come before those of wallets, as for other calls
    resolved := telecom_switch_judged(
        resolved, telecom_spend_verdicts(telecom_allowance_requests(telecom_allowance_passed(resolved)), false));
    resolved := telecom_switch_judged(
        resolved, telecom_fraud_verdicts(telecom_allowance_requests(telecom_allowance_passed(resolved))));
    passed := telecom_allowance_passed(resolved);
    select jsonb_agg(c.count order by c.n) into passed_counts  -- null: nothing is limited, or nobody passes
        from jsonb_array_elements(counts) with ordinality as c (count, n)
        where not resolved -> (c.n::integer - 1) ? 'answer';
    answers := telecom_switch_reserve(telecom_allowance_requests(passed), passed_counts);
    perform telecom_allowance_hold_taken(passed, answers, 'taken');
    return telecom_allowance_answers(resolved, answers);
end $$;

create or replace function telecom_switch_extend_covered(requests jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    resolved jsonb;
    passed jsonb;
    answers jsonb;
begin
    resolved := telecom_allowance_resolve((
        select coalesce(jsonb_agg(e.r || jsonb_build_object('accounts', to_jsonb(coalesce(v.account_ids, '{}')))
            order by e.n), '[]')
        from jsonb_array_elements(requests) with ordinality as e (r, n)
        left join telecom_reservation v on v.call_ref = e.r ->> 'call_ref'));
    resolved := telecom_switch_judged(
        resolved, telecom_spend_verdicts(telecom_allowance_requests(telecom_allowance_passed(resolved)), true));
    passed := telecom_allowance_passed(resolved);
    answers := telecom_wallet_extend(telecom_allowance_requests(passed));
    perform telecom_allowance_hold_taken(passed, answers, 'extended');
    return telecom_allowance_answers(resolved, answers);
end $$;

create or replace function telecom_live_covered_s(wanted_call_ref text, level jsonb) returns int language sql stable as $$
-- Included seconds that a level of a call holds: it costs nothing so long.
    select case when level ? 'allowance_ids' then (
        select coalesce(sum(seconds), 0)::int from telecom_allowance_hold
         where call_ref = wanted_call_ref and account_id = (level ->> 'account_id')::int) else 0 end
$$;
