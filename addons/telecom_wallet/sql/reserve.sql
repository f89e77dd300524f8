-- Reservations of calls, in batches (perf-facts): wallets are locked in id order, then everything is decided at once
-- when it fits together, else call by call in the order of the requests.

create or replace function telecom_wallet_json_ids(list jsonb) returns bigint[]
language sql stable parallel safe as $$
-- Neither strict nor immutable (an array's text form is not): PostgreSQL would run it as a query of its own each time.
    select translate($1::text, '[]', '{}')::bigint[]  -- [1, 2] as {1, 2}: much quicker than one row per element
$$;

create or replace function telecom_wallet_reserve(requests jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
-- Plans are made once a connection: making them anew for each batch, as PostgreSQL does when it sees lists in them, took
-- half of the time. They go by index always, since tables that are empty now are full when many call.
declare
    refs text[];            -- call_ref of each request
    line_request integer[];  -- one line per request and level: request number, account, amount
    line_account integer[];
    line_amount bigint[];
    wallet_ids integer[];
    free bigint[];          -- headroom of each wallet, less what this batch took so far
    stored jsonb;           -- call_ref -> answer given before
    outcomes text[];
    headrooms jsonb[];
begin
    select array_agg(e.r ->> 'call_ref' order by e.n) into refs
        from jsonb_array_elements(requests) with ordinality as e (r, n);
    if refs is null then
        return '[]';
    end if;
    select array_agg(e.n order by e.n, l.i), array_agg(l.account order by e.n, l.i),
        array_agg(l.amount order by e.n, l.i)
        into line_request, line_account, line_amount
        from jsonb_array_elements(requests) with ordinality as e (r, n),
            unnest(telecom_wallet_json_ids(e.r -> 'accounts'), telecom_wallet_json_ids(e.r -> 'amounts'))
            with ordinality as l (account, amount, i);
    if array_position(line_account, null) is not null or array_position(line_amount, null) is not null
        or 0 > any (line_amount) or array_position(refs, null) is not null then
        raise exception 'each request needs a call_ref and, for each account, one amount of 0 or more'
            using errcode = 'BSS03';
    end if;
    select array_agg(w.account_id), array_agg(w.headroom) into wallet_ids, free from (
        select account_id, balance_micro + credit_limit_micro - reserved_micro as headroom
        from telecom_wallet where account_id = any (line_account) order by account_id for update
    ) w;
    select jsonb_object_agg(call_ref, jsonb_build_object('granted_s', granted_s, 'frozen', frozen)) into stored
        from telecom_reservation where call_ref = any (refs);

    if stored is null and telecom_wallet_fits(refs, line_account, line_amount, wallet_ids, free) then
        outcomes := array_fill('taken'::text, array[cardinality(refs)]);
    else
        select d.outcomes, d.headrooms into outcomes, headrooms
            from telecom_wallet_decide(refs, line_request, line_account, line_amount, wallet_ids, free, stored) d;
    end if;

    update telecom_wallet w set reserved_micro = w.reserved_micro + t.total
        from (
            select l.account, sum(l.amount) as total from unnest(line_request, line_account, line_amount)
                as l (request, account, amount)
            where outcomes[l.request] = 'taken' group by l.account
        ) t
        where w.account_id = t.account and t.total > 0;
    insert into telecom_reservation
        (call_ref, node, channel_uniqueid, account_ids, amounts_micro, granted_s, frozen, counted_on)
        select e.r ->> 'call_ref', e.r ->> 'node', e.r ->> 'channel', telecom_wallet_json_ids(e.r -> 'accounts'),
            telecom_wallet_json_ids(e.r -> 'amounts'), (e.r ->> 'granted_s')::integer, coalesce(e.r -> 'frozen', '{}'),
            array(select jsonb_array_elements_text(e.r -> 'counted_on'))
        from jsonb_array_elements(requests) with ordinality as e (r, n)
        where outcomes[e.n] = 'taken' order by 1;
    return (
        select jsonb_agg(
            jsonb_build_object('call_ref', refs[e.n], 'outcome', outcomes[e.n], 'granted_s',
                coalesce(stored -> refs[e.n] -> 'granted_s', e.r -> 'granted_s'))
            || case outcomes[e.n]
                when 'repeated' then jsonb_build_object('frozen', coalesce(
                    stored -> refs[e.n] -> 'frozen', requests -> (array_position(refs, refs[e.n]) - 1) -> 'frozen'))
                when 'short' then jsonb_build_object('headroom', headrooms[e.n]) else '{}' end
            order by e.n)
        from jsonb_array_elements(requests) with ordinality as e (r, n)
    );
end $$;

create or replace function telecom_wallet_fits(
    refs text[], line_account integer[], line_amount bigint[], wallet_ids integer[], free bigint[]
) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
-- True when all requests are different calls and every wallet can carry the sum of what is asked of it.
-- plpgsql: its plan is kept, that of an SQL function would be made again for every batch.
begin
    return (select count(distinct r) = count(*) from unnest(refs) r) and not exists (
        select from (
            select l.account, sum(l.amount) as total from unnest(line_account, line_amount) as l (account, amount)
            group by l.account
        ) t left join unnest(wallet_ids, free) as w (account, headroom) on w.account = t.account
        where w.account is null or (t.total > 0 and t.total > w.headroom)
    );
end $$;

create or replace function telecom_wallet_decide(
    refs text[], line_request integer[], line_account integer[], line_amount bigint[],
    wallet_ids integer[], free bigint[], stored jsonb, out outcomes text[], out headrooms jsonb[]
)
language plpgsql security definer set search_path = public, pg_temp as $$
-- Decide call by call, in order, under the locks already held: the first that fits gets the money.
declare
    line integer := 1;
    first_line integer;
    place integer;  -- of the line's account in wallet_ids
    outcome text;
    taken text[] := '{}';
begin
    for request in 1 .. cardinality(refs) loop
        first_line := line;
        outcome := case when stored ? refs[request] or refs[request] = any (taken) then 'repeated' else 'taken' end;
        while line_request[line] = request loop
            place := array_position(wallet_ids, line_account[line]);
            if outcome in ('taken', 'short') and place is null then
                outcome := 'no_wallet';
            elsif outcome = 'taken' and line_amount[line] > 0 and free[place] < line_amount[line] then
                outcome := 'short';
            end if;
            if place is not null then
                free[place] := free[place] - line_amount[line];
            end if;
            line := line + 1;
        end loop;
        if outcome = 'taken' then
            taken := taken || refs[request];
        else  -- give back what its levels took above
            for i in first_line .. line - 1 loop
                place := array_position(wallet_ids, line_account[i]);
                if place is not null then
                    free[place] := free[place] + line_amount[i];
                end if;
            end loop;
        end if;
        outcomes[request] := outcome;
        headrooms[request] := (
            select jsonb_agg(free[array_position(wallet_ids, a)] order by n)
            from unnest(line_account[first_line : line - 1]) with ordinality as u (a, n)
            where outcome = 'short'
        );
    end loop;
end $$;
