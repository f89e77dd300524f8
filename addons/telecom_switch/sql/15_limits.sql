-- Limits of concurrent calls. What has a limit has a name: out:account:7, in:account:7, in:number:3, trunk:5.
-- A call counts on its names from its reservation to the end of it: the rows are the count, so nothing can drift and
-- a crash forgets nothing. A call with several routes counts on the trunk that it is tried on.

create table if not exists telecom_call_counted (
    counted_on text collate "C" not null,
    call_ref text not null
);
create index if not exists telecom_call_counted_on on telecom_call_counted (counted_on);
create index if not exists telecom_call_counted_call on telecom_call_counted (call_ref);

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
    select array_agg(distinct l.name) into limited from telecom_switch_lines(counts) l where l.most is not null;
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

create or replace function telecom_switch_reserve(requests jsonb, counts jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$  -- as telecom_wallet_reserve
-- telecom_wallet_reserve for calls with limits. For each request `counts` has {"on": [[name, most], ...], "routes":
-- [[name, most], ...]}: what the call counts on, and the trunk of each of its routes; most null: counted, not limited.
-- Answers are those of the wallet, and besides: outcome `full` with the names that are; `routes`: places (from 0 on)
-- of the routes that are left, when a trunk is full; the frozen terms then have only those.
declare
    verdicts jsonb := telecom_switch_verdicts(requests, counts);
    passed jsonb := requests;
    places integer[];  -- request number of each that goes on; null: all do
    answers jsonb;
begin
    if verdicts is not null then
        select coalesce(jsonb_agg(telecom_switch_keep_routes(e.r, verdicts -> (e.n::integer - 1)) order by e.n), '[]'),
            array_agg(e.n order by e.n)
            into passed, places
            from jsonb_array_elements(requests) with ordinality as e (r, n)
            where not verdicts -> (e.n::integer - 1) ? 'full';
    end if;
    answers := telecom_wallet_reserve(passed);
    insert into telecom_call_counted (counted_on, call_ref)
        select l.name, a.answer ->> 'call_ref'
        from jsonb_array_elements(answers) with ordinality as a (answer, k)
        join telecom_switch_lines(counts) l on l.request = coalesce(places[a.k], a.k)
        where a.answer ->> 'outcome' = 'taken'
            and coalesce(l.route = coalesce((verdicts -> (l.request - 1) -> 'routes' ->> 0)::integer, 0), true);
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

create or replace function telecom_switch_keep_routes(request jsonb, verdict jsonb) returns jsonb
language sql immutable as $$
-- The request with those routes only that its verdict leaves.
    select case when verdict ? 'routes' then jsonb_set(request, '{frozen,routes}', (
        select jsonb_agg(request #> array['frozen', 'routes', p.place] order by p.n)
        from jsonb_array_elements_text(verdict -> 'routes') with ordinality as p (place, n)
    )) else request end
$$;

create or replace function telecom_switch_move_count(call_refs text[], from_names text[], to_names text[]) returns void
language sql security definer set search_path = public, pg_temp as $$
-- The calls have gone on to another trunk each; one that has ended counts on none.
    update telecom_call_counted counted set counted_on = moved.to_name
        from unnest(call_refs, from_names, to_names) as moved (call_ref, from_name, to_name),
            lateral (
                select c.ctid from telecom_call_counted c
                where c.call_ref = moved.call_ref and c.counted_on = moved.from_name limit 1
            ) as row_of
        where counted.ctid = row_of.ctid
$$;

do $$
declare
    signature regprocedure;
begin
    for signature in
        select p.oid::regprocedure from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname in (
            'telecom_switch_uncount', 'telecom_switch_living', 'telecom_switch_verdicts', 'telecom_switch_reserve',
            'telecom_switch_move_count')
    loop
        execute format('revoke all on function %s from public', signature);
    end loop;
    if exists (select from pg_roles where rolname = 'bss_bridge') then
        grant execute on function telecom_switch_reserve(jsonb, jsonb) to bss_bridge;
        grant execute on function telecom_switch_move_count(text[], text[], text[]) to bss_bridge;
    end if;
end $$;
