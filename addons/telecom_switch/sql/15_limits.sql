-- Limits of concurrent calls. What has a limit has a name: out:account:7, in:account:7, in:number:3, trunk:5.
-- A call counts on its names from its reservation to the end of it, and they stand in the reservation: the living calls
-- are the count, so nothing can drift and a crash forgets nothing. A call with several routes counts on the trunk that
-- it is tried on: the last of its names.
-- A name that has ever had a limit (telecom_call_limited) has besides a row for each of its living calls, so that they
-- are counted without reading all. Most names never have one: rows for all of them took a tenth of what a call takes.

do $$ begin
    if to_regclass('telecom_call_counted') is not null and to_regclass('telecom_call_limited') is null then
        -- databases that had rows for every name, and nothing in the reservations
        update telecom_reservation v set counted_on = c.names
            from (select call_ref, array_agg(counted_on) as names from telecom_call_counted group by call_ref) c
            where v.call_ref = c.call_ref and v.counted_on is null;
        truncate telecom_call_counted;
    end if;
end $$;

create table if not exists telecom_call_limited (counted_on text collate "C" primary key);
create table if not exists telecom_call_counted (
    counted_on text collate "C" not null,
    call_ref text not null
);
create index if not exists telecom_call_counted_on on telecom_call_counted (counted_on);
create index if not exists telecom_call_counted_call on telecom_call_counted (call_ref);

create or replace function telecom_switch_hold_limited(names text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- Until the end of the transaction no other name gets its first limit; these names have one from now on.
-- Who gives a name its first limit waits for all that are counting calls, then counts those that live. It comes before
-- all other locks.
declare
    first_time text[] := array(
        select n from unnest(names) n where not exists (select from telecom_call_limited l where l.counted_on = n));
begin
    if cardinality(first_time) = 0 then
        perform pg_advisory_xact_lock_shared(hashtext('telecom_call_limited'));
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('telecom_call_limited'));
    with fresh as (  -- a statement of its own: its snapshot is younger than the lock
        insert into telecom_call_limited select distinct n from unnest(first_time) n on conflict do nothing
        returning counted_on
    )
    insert into telecom_call_counted (counted_on, call_ref)
        select f.counted_on, v.call_ref
        from telecom_reservation v, unnest(v.counted_on) n join fresh f on f.counted_on = n;
end $$;

create or replace function telecom_switch_uncount() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- However a reservation ends (settled, released, swept), its call counts no more.
begin
    delete from telecom_call_counted c using gone where c.call_ref = gone.call_ref;
    return null;
end $$;

create or replace trigger switch_uncount after delete on telecom_reservation
    referencing old table as gone for each statement execute function telecom_switch_uncount();

create or replace function telecom_switch_lines(counts jsonb)
returns table (request integer, route integer, name text, most integer)
language sql immutable parallel safe as $$
-- `counts` as rows: request from 1 on; route from 0 on, null for what the call counts on whichever way it goes.
    select e.n::integer, null::integer, l.pair ->> 0, (l.pair ->> 1)::integer
        from jsonb_array_elements(counts) with ordinality as e (c, n), jsonb_array_elements(e.c -> 'on') as l (pair)
    union all
    select e.n::integer, l.i::integer - 1, l.pair ->> 0, (l.pair ->> 1)::integer
        from jsonb_array_elements(counts) with ordinality as e (c, n),
            jsonb_array_elements(e.c -> 'routes') with ordinality as l (pair, i)
$$;

create or replace function telecom_switch_living(limited text[]) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- Living calls by name, to be trusted until the end of the transaction: whoever else wants to add to one of these
-- names waits. 256 locks for all names: a batch stays far below the server's lock table.
begin
    perform pg_advisory_xact_lock(hashtext('telecom_switch_reserve'), b.bucket)
        from (select distinct hashtext(n) & 255 as bucket from unnest(limited) n order by 1) b;
    return (  -- a statement of its own: its snapshot is younger than the locks
        select jsonb_object_agg(n, (select count(*) from telecom_call_counted c where c.counted_on = n))
        from unnest(limited) n
    );
end $$;

create or replace function telecom_switch_verdicts(requests jsonb, counts jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- One verdict a request, in order: {"full": [names]} it is refused, {"routes": [places from 0 on]} those of its routes
-- that are left, {} it goes on as it is. Null: all go on as they are.
declare
    limited text[];
    living jsonb;    -- name -> calls, with those of this batch that went before
    after jsonb;     -- the same with the request in hand
    refs text[];     -- calls that are counted already
    verdicts jsonb := '[]';
    one record;
    full_names jsonb;
    kept jsonb;
    first_trunk text;
begin
    limited := telecom_switch_limited_names(counts);
    if limited is null then
        return null;
    end if;
    living := telecom_switch_living(limited);
    if not exists (
        select from telecom_switch_lines(counts) l
        join (select s.name, count(*) as asked from telecom_switch_lines(counts) s group by s.name) a using (name)
        where (living ->> l.name)::integer + a.asked > l.most
    ) then
        return null;
    end if;
    select coalesce(array_agg(v.call_ref), '{}') into refs from telecom_reservation v
        where v.call_ref in (select r ->> 'call_ref' from jsonb_array_elements(requests) r);
    for one in
        select r.request ->> 'call_ref' as ref, c.count -> 'on' as names, c.count -> 'routes' as routes
        from jsonb_array_elements(requests) with ordinality as r (request, n)
        join jsonb_array_elements(counts) with ordinality as c (count, n) using (n) order by n
    loop
        if one.ref = any (refs) then
            verdicts := verdicts || '{}'::jsonb;
            continue;
        end if;
        full_names := (select jsonb_agg(p -> 0) from jsonb_array_elements(one.names) p
            where (living ->> (p ->> 0))::integer >= (p ->> 1)::integer);
        after := living || coalesce((
            select jsonb_object_agg(p ->> 0, (living ->> (p ->> 0))::integer + 1)
            from jsonb_array_elements(one.names) p where living ? (p ->> 0)), '{}');
        kept := (select jsonb_agg(e.i - 1 order by e.i) from jsonb_array_elements(one.routes) with ordinality as e (p, i)
            where ((after ->> (e.p ->> 0))::integer >= (e.p ->> 1)::integer) is not true);
        if kept is null and one.routes <> '[]' then
            full_names := coalesce(full_names, (select jsonb_agg(distinct p -> 0) from jsonb_array_elements(one.routes) p));
        end if;
        if full_names is not null then
            verdicts := verdicts || jsonb_build_object('full', full_names);
            continue;
        end if;
        first_trunk := one.routes -> (kept ->> 0)::integer ->> 0;
        living := case when after ? first_trunk
            then after || jsonb_build_object(first_trunk, (after ->> first_trunk)::integer + 1) else after end;
        refs := refs || one.ref;
        verdicts := verdicts || case when jsonb_array_length(kept) < jsonb_array_length(one.routes)
            then jsonb_build_object('routes', kept) else '{}' end;
    end loop;
    return verdicts;
end $$;

create or replace function telecom_switch_limited_names(counts jsonb) returns text[]
language plpgsql immutable parallel safe as $$
-- Names with a limit; null when there is none. plpgsql: the plan of an SQL function would be made for every batch.
begin
    if counts is null then
        return null;
    end if;
    return (select array_agg(distinct l.name) from telecom_switch_lines(counts) l where l.most is not null);
end $$;

create or replace function telecom_switch_reserve(requests jsonb, counts jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$  -- as telecom_wallet_reserve
-- telecom_wallet_reserve for calls with limits. A request's `counted_on` are the names that it counts on, at last that of
-- the trunk of its first route. `counts`, null when nothing that they count on is limited, has for each request
-- {"on": [[name, most], ...], "routes": [[name, most], ...]}: what it counts on whichever way it goes, and the trunk of
-- each of its routes; most null: not limited.
-- Answers are those of the wallet, and besides: outcome `full` with the names that are; `routes`: places (from 0 on)
-- of the routes that are left, when a trunk is full; the frozen terms then have only those.
declare
    verdicts jsonb;
    passed jsonb := requests;
    places integer[];  -- request number of each that goes on; null: all do
    answers jsonb;
begin
    perform telecom_switch_hold_limited(telecom_switch_limited_names(counts));
    verdicts := telecom_switch_verdicts(requests, counts);
    if verdicts is not null then
        select coalesce(jsonb_agg(telecom_switch_keep_routes(
                e.r, verdicts -> (e.n::integer - 1), counts -> (e.n::integer - 1) -> 'routes') order by e.n), '[]'),
            array_agg(e.n order by e.n)
            into passed, places
            from jsonb_array_elements(requests) with ordinality as e (r, n)
            where not verdicts -> (e.n::integer - 1) ? 'full';
    end if;
    answers := telecom_wallet_reserve(passed);
    if exists (select from telecom_call_limited) then
        insert into telecom_call_counted (counted_on, call_ref)
            select l.counted_on, v.call_ref
            from jsonb_array_elements(answers) a join telecom_reservation v on v.call_ref = a ->> 'call_ref',
                unnest(v.counted_on) n join telecom_call_limited l on l.counted_on = n
            where a ->> 'outcome' = 'taken';
    end if;
    if verdicts is null then
        return answers;
    end if;
    return (
        select jsonb_agg(coalesce(
            answers -> (array_position(places, e.n::integer) - 1)
                || case when e.v ? 'routes' then e.v else '{}' end,
            jsonb_build_object('call_ref', requests -> (e.n::integer - 1) -> 'call_ref', 'outcome', 'full') || e.v
        ) order by e.n)
        from jsonb_array_elements(verdicts) with ordinality as e (v, n)
    );
end $$;

drop function if exists telecom_switch_keep_routes(jsonb, jsonb);  -- before reservations had their names

create or replace function telecom_switch_keep_routes(request jsonb, verdict jsonb, trunks jsonb) returns jsonb
language sql immutable as $$
-- The request with those routes only that its verdict leaves, counting on the trunk of the first of them.
    select case when verdict ? 'routes' then jsonb_set(jsonb_set(request, '{frozen,routes}', (
        select jsonb_agg(request #> array['frozen', 'routes', p.place] order by p.n)
        from jsonb_array_elements_text(verdict -> 'routes') with ordinality as p (place, n)
    )), '{counted_on,-1}', trunks -> (verdict #>> '{routes,0}')::integer -> 0) else request end
$$;

create or replace function telecom_switch_move_count(call_refs text[], from_names text[], to_names text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- The calls have gone on to another trunk each; one that has ended counts on none. Comes behind all locks of wallets,
-- as everything that changes a reservation.
begin
    with moved as (
        update telecom_reservation v set counted_on[array_position(v.counted_on, m.from_name)] = m.to_name
            from unnest(call_refs, from_names, to_names) as m (call_ref, from_name, to_name)
            where v.call_ref = m.call_ref and m.from_name = any (v.counted_on)
        returning m.call_ref, m.from_name, m.to_name
    ), gone as (
        delete from telecom_call_counted c using moved m, lateral (
            select o.ctid from telecom_call_counted o
            where o.call_ref = m.call_ref and o.counted_on = m.from_name limit 1) row_of
            where c.ctid = row_of.ctid
    )
    insert into telecom_call_counted (counted_on, call_ref)
        select l.counted_on, m.call_ref from moved m join telecom_call_limited l on l.counted_on = m.to_name;
end $$;

do $$
declare
    signature regprocedure;
begin
    for signature in
        select p.oid::regprocedure from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname in (
            'telecom_switch_hold_limited', 'telecom_switch_uncount', 'telecom_switch_living', 'telecom_switch_verdicts', 'telecom_switch_reserve',
            'telecom_switch_move_count')
    loop
        execute format('revoke all on function %s from public', signature);
    end loop;
    if exists (select from pg_roles where rolname = 'bss_bridge') then
        grant execute on function telecom_switch_reserve(jsonb, jsonb) to bss_bridge;
        grant execute on function telecom_switch_move_count(text[], text[], text[]) to bss_bridge;
    end if;
end $$;
