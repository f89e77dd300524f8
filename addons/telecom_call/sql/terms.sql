-- Price terms of calls (the form of core/tariff_json.py), each kept once. Reservations, charges and records name them by
-- their key where the terms themselves would stand, in `tariff`, `carrier_tariff` and `carrier_pays_tariff`: thousands of
-- calls have the same terms, and to send, read and keep them with every call cost more than the call itself.

create table if not exists telecom_call_terms (
    key uuid primary key,  -- made by the bridge of the terms' text: equal terms have one key
    terms jsonb not null,
    kept_at timestamptz not null default now()
);

create or replace function telecom_call_terms_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'terms of calls are never changed or deleted: calls are charged by them' using errcode = 'BSS04';
end $$;

create or replace trigger telecom_call_terms_append_only before update or delete on telecom_call_terms
    for each row execute function telecom_call_terms_refuse_change();
create or replace trigger telecom_call_terms_no_truncate before truncate on telecom_call_terms
    for each statement execute function telecom_call_terms_refuse_change();

create or replace function telecom_call_keep_terms(keys text[], kept jsonb) returns void
language sql security definer set search_path = public, pg_temp as $$
-- Keep terms by their keys; a key that is known stays as it is. In the order of the keys: two bridges that keep the same
-- terms do not wait for each other in a circle.
    insert into telecom_call_terms (key, terms)
        select k.key::uuid, kept -> (k.n::integer - 1) from unnest(keys) with ordinality as k (key, n) order by 1
        on conflict do nothing
$$;

create or replace function telecom_call_terms_of(named jsonb) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
-- Terms by their key; terms that stand there themselves as they are. Null: there are none.
    select case when jsonb_typeof(named) = 'string'
        then (select t.terms from telecom_call_terms t where t.key = (named #>> '{}')::uuid)
        else nullif(named, 'null') end
$$;

create or replace function telecom_call_whole_part(part jsonb) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
-- A level or route of frozen terms with its price terms themselves. Raises BSS05 for a key without terms.
declare
    found_terms jsonb;
begin
    if jsonb_typeof(part -> 'tariff') is distinct from 'string' then
        return part;
    end if;
    found_terms := telecom_call_terms_of(part -> 'tariff');
    if found_terms is null then
        raise exception 'no terms have the key %', part ->> 'tariff' using errcode = 'BSS05';
    end if;
    return jsonb_set(part, '{tariff}', found_terms);
end $$;

create or replace function telecom_call_whole_terms(frozen jsonb) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
-- Frozen terms of a reservation with all price terms themselves.
begin
    return frozen || jsonb_build_object(
        'levels', (select coalesce(jsonb_agg(telecom_call_whole_part(l.part) order by l.n), '[]')
            from jsonb_array_elements(frozen -> 'levels') with ordinality as l (part, n)),
        'routes', (select coalesce(jsonb_agg(telecom_call_whole_part(l.part) order by l.n), '[]')
            from jsonb_array_elements(frozen -> 'routes') with ordinality as l (part, n)),
        'carrier_pays', telecom_call_whole_part(frozen -> 'carrier_pays')
    );
end $$;
