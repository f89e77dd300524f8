-- Seconds for running calls, set aside like money and in the same statement as it. Locks: buckets in id order, and only
-- then wallets and reservations, here as in the settlement.
-- A request has `covers`, one a level: null, or {"allowances": ids, "wanted_s": seconds in all, "held_s": what the call
-- holds already (null: not known), "amount": the level's money if it gets them all}.

create or replace function telecom_allowance_lock(account_ids integer[]) returns bigint[]
language plpgsql security definer set search_path = public, pg_temp as $$
-- Lock the buckets of accounts that something is left of, and return them: a later one is not locked, so nobody's.
begin
    return (
        select coalesce(array_agg(b.id), '{}') from (
            select id from telecom_allowance_bucket where account_id = any ($1) and left_s > 0 order by id for update
        ) b
    );
end $$;

create or replace function telecom_allowance_resolve(requests jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- Decide in order what each request gets. For each: {"request": as the wallet takes it, "takes": [[bucket, account,
-- seconds more]], "held_s": [], "most_s": []} with what each level holds then and could hold at most; "answer": `partly`
-- when a level's seconds are there only in part: nothing is taken then. What has an "answer" does not go on to the wallet.
-- A call that has its reservation already and asks for one again passes as it is: the wallet gives the stored answer.
declare
    locked bigint[];
    bucket record;
    free jsonb := '{}';    -- bucket -> seconds that nobody holds, less what this batch took so far
    before jsonb;
    request jsonb;
    cover jsonb;
    amounts jsonb;
    takes jsonb;
    held_list jsonb;
    most_list jsonb;
    is_partly boolean;
    held bigint;
    most bigint;
    need bigint;
    part bigint;
    account integer;
    answers jsonb := '[]';
begin
    perform telecom_allowance_open(array_agg((l.account)::integer), array_agg((a.id)::integer), now())
        from jsonb_array_elements(requests) r, jsonb_array_elements(r -> 'covers') with ordinality as c (cover, n),
            jsonb_array_elements_text(nullif(c.cover, 'null') -> 'allowances') as a (id),
            lateral (select r -> 'accounts' ->> (c.n - 1)::integer as account) l;
    locked := telecom_allowance_lock(array(
        select distinct a::integer from jsonb_array_elements(requests) r, jsonb_array_elements_text(r -> 'accounts') a));
    select coalesce(jsonb_object_agg(b.id, b.left_s - telecom_allowance_held(b.id)), '{}') into free
        from telecom_allowance_bucket b where b.id = any (locked);
    for request in select r from jsonb_array_elements(requests) r loop
        before := free;
        amounts := request -> 'amounts';
        takes := '[]'; held_list := '[]'; most_list := '[]'; is_partly := false;
        for level in 0 .. jsonb_array_length(request -> 'accounts') - 1 loop
            cover := request -> 'covers' -> level;
            account := request -> 'accounts' ->> level;
            select coalesce(sum(h.seconds), 0) into held from telecom_allowance_hold h
                where h.call_ref = request ->> 'call_ref' and h.account_id = account;
            most := held;
            if cover is not null and cover <> 'null' then
                most := held + coalesce((
                    select sum((free ->> b.id::text)::bigint) from telecom_allowance_bucket b
                    where b.id = any (locked) and telecom_allowance_counts(b, account, cover, now())), 0);
                need := (cover ->> 'wanted_s')::bigint - held;
                if most >= held + need then
                    amounts := jsonb_set(amounts, array[level::text], cover -> 'amount');
                    for bucket in
                        select b.id from telecom_allowance_bucket b
                        where b.id = any (locked) and telecom_allowance_counts(b, account, cover, now())
                        order by b.valid_to nulls last, b.id
                    loop
                        exit when need <= 0;
                        part := least(need, (free ->> bucket.id::text)::bigint);
                        if part > 0 then
                            takes := takes || jsonb_build_array(jsonb_build_array(bucket.id, account, part));
                            free := free || jsonb_build_object(bucket.id, (free ->> bucket.id::text)::bigint - part);
                            held := held + part;
                            need := need - part;
                        end if;
                    end loop;
                elsif most > held or (cover ->> 'held_s')::bigint is distinct from held then
                    is_partly := true;
                end if;
            end if;
            held_list := held_list || to_jsonb(held);
            most_list := most_list || to_jsonb(most);
        end loop;
        if is_partly then
            free := before;
            takes := '[]';
        end if;
        answers := answers || (jsonb_build_object(
            'request', (request - 'covers') || jsonb_build_object('amounts', amounts), 'takes', takes,
            'held_s', held_list, 'most_s', most_list)
            || case when is_partly then '{"answer": {"outcome": "partly"}}'::jsonb else '{}' end);
    end loop;
    return answers;
end $$;

create or replace function telecom_allowance_counts(
    bucket telecom_allowance_bucket, account integer, cover jsonb, at timestamptz
) returns boolean
language sql stable as $$
-- Whether a bucket's seconds may be taken for a level's call at an instant.
    select bucket.account_id = account and cover -> 'allowances' @> to_jsonb(bucket.allowance_id)
        and bucket.period_start <= at and (bucket.valid_to is null or at < bucket.valid_to)
$$;

create or replace function telecom_allowance_hold_taken(resolved jsonb, answers jsonb, outcome text) returns void
language sql security definer set search_path = public, pg_temp as $$
-- The calls with this outcome hold what was taken for them. `resolved` and `answers` have the same order.
    insert into telecom_allowance_hold (call_ref, bucket_id, account_id, seconds)
        select r.one -> 'request' ->> 'call_ref', (t ->> 0)::bigint, (t ->> 1)::integer, (t ->> 2)::integer
        from jsonb_array_elements(resolved) with ordinality as r (one, n)
        join jsonb_array_elements(answers) with ordinality as a (answer, n) using (n),
            jsonb_array_elements(r.one -> 'takes') t
        where a.answer ->> 'outcome' = $3
        on conflict (call_ref, bucket_id) do update set seconds = telecom_allowance_hold.seconds + excluded.seconds
$$;

create or replace function telecom_allowance_answers(resolved jsonb, passed_answers jsonb) returns jsonb
language sql immutable as $$
-- Answers to all requests: those that passed have the wallet's, each with the seconds of its levels.
    select coalesce(jsonb_agg(
        case when r.one ? 'answer'
            then jsonb_build_object('call_ref', r.one -> 'request' -> 'call_ref') || (r.one -> 'answer')
            else passed_answers -> (r.place::integer - 1) end
        || jsonb_build_object('held_s', r.one -> 'held_s', 'most_s', r.one -> 'most_s') order by r.n), '[]')
    from (
        select e.one, e.n, count(*) filter (where not e.one ? 'answer') over (order by e.n) as place
        from jsonb_array_elements(resolved) with ordinality as e (one, n)
    ) r
$$;

create or replace function telecom_allowance_passed(resolved jsonb) returns jsonb
language sql immutable as $$
-- What goes on to the wallet, as `resolved` has it.
    select coalesce(jsonb_agg(r.one order by r.n), '[]')
    from jsonb_array_elements(resolved) with ordinality as r (one, n) where not r.one ? 'answer'
$$;

create or replace function telecom_allowance_requests(resolved jsonb) returns jsonb
language sql immutable as $$
    select coalesce(jsonb_agg(r.one -> 'request' order by r.n), '[]')
    from jsonb_array_elements(resolved) with ordinality as r (one, n)
$$;

create or replace function telecom_allowance_use(legs jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- Take the seconds of ended legs out of their buckets, in the settlement's transaction and before it: what each held
-- first, then whatever is left that counted when the leg was answered. Each leg: leg_uniqueid, direction, call_ref,
-- answered_at, reference, uses [{"account", "allowances", "seconds"}]. Returns [[held, used], ...] a leg.
-- A leg without a reservation, or that took its seconds before, takes none: its settlement changes nothing either.
-- The same leg settled by two processes at once: the second waits for the first (256 locks for all calls).
declare
    locked bigint[];
    leg jsonb;
    wanted jsonb;
    bucket record;
    need bigint;
    part bigint;
    held bigint;
    used bigint;
    is_new boolean;
    lines jsonb;
    answers jsonb := '[]';
begin
    perform pg_advisory_xact_lock(hashtext('telecom_allowance_use'), l.slot) from (
        select distinct hashtext(l ->> 'call_ref') & 255 as slot from jsonb_array_elements(legs) l order by 1) l;
    locked := telecom_allowance_lock(array(
        select distinct (u ->> 'account')::integer from jsonb_array_elements(legs) l, jsonb_array_elements(l -> 'uses') u));
    for leg in select l from jsonb_array_elements(legs) l loop
        lines := '[]';
        is_new := exists (select from telecom_reservation r where r.call_ref = leg ->> 'call_ref')
            and not exists (select from telecom_allowance_entry e where e.kind = 'used'
                and e.leg_uniqueid = leg ->> 'leg_uniqueid' and e.direction = leg ->> 'direction');
        for wanted in select u from jsonb_array_elements(leg -> 'uses') u loop
            held := 0; used := 0;
            need := case when is_new then (wanted ->> 'seconds')::bigint else 0 end;
            for bucket in
                select b.id, coalesce(own.seconds, 0) as own, coalesce(own.seconds, 0) + case
                    when telecom_allowance_counts(b, (wanted ->> 'account')::integer, wanted,
                        (leg ->> 'answered_at')::timestamptz)
                    then b.left_s - telecom_allowance_held(b.id) else 0 end as usable
                from telecom_allowance_bucket b
                left join telecom_allowance_hold own on own.bucket_id = b.id and own.call_ref = leg ->> 'call_ref'
                where b.id = any (locked) and b.account_id = (wanted ->> 'account')::integer
                order by b.valid_to nulls last, b.id
            loop
                held := held + bucket.own;
                part := least(need, bucket.usable);
                if part > 0 then
                    update telecom_allowance_bucket b set left_s = b.left_s - part where b.id = bucket.id;
                    insert into telecom_allowance_entry
                        (bucket_id, kind, seconds, left_after_s, leg_uniqueid, direction, reference)
                        select bucket.id, 'used', -part, b.left_s, leg ->> 'leg_uniqueid', leg ->> 'direction',
                            leg ->> 'reference'
                        from telecom_allowance_bucket b where b.id = bucket.id;
                    used := used + part;
                    need := need - part;
                end if;
            end loop;
            if is_new then
                delete from telecom_allowance_hold h
                    where h.call_ref = leg ->> 'call_ref' and h.account_id = (wanted ->> 'account')::integer;
            end if;
            lines := lines || jsonb_build_array(jsonb_build_array(held, used));
        end loop;
        answers := answers || jsonb_build_array(lines);
    end loop;
    return answers;
end $$;
