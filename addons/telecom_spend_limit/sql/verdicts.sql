-- Whether calls keep to what their accounts may spend. Run under the locks of their wallets, in the statement that sets
-- the money aside, so that any number of calls and bridges never exceed a limit together.

create or replace function telecom_spend_rooms(account integer, is_locked boolean)
returns table (rule text, most_micro bigint, spent_micro bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
-- The limits of an account that hold now, with what calls have cost. `call`: of each call alone. `locked`: nothing more.
begin
    if is_locked then
        return query select 'locked', 0::bigint, 0::bigint;
        return;
    end if;
    return query select l.* from (
        select one.rule, one.most_micro, case one.rule when 'call' then 0::bigint
            else telecom_spend_of_span(account, one.rule, now()) end as spent
        from telecom_spend_limits(account) one
    ) l where l.spent is not null;  -- else it is not night
end $$;

create or replace function telecom_spend_verdicts(requests jsonb, extends boolean) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- For each request, in order: null, it keeps to all limits; or {"headroom": the most that each level's amount may be,
-- "share": the same with an even share of the room for each of `sharers`, "limited": [[account, rule], ...] that leave
-- no room for `least`, the least that the call needs}. A limit of a day or night then locks the account.
-- `accounts`, `amounts` (new totals), `least`, `sharers` are one a level. Locks the wallets.
declare
    request jsonb;
    level record;
    room record;
    refs text[];
    taken jsonb := '{}';   -- account -> what this batch has added so far
    added jsonb;
    headroom jsonb;
    shares jsonb;
    limited jsonb;
    is_short boolean;
    free bigint;  -- what the level may add by its wallet and by limits that all its calls share
    own bigint;   -- the same by the limit of one call; null: none
    most bigint;
    verdicts jsonb := '[]';
begin
    select array_agg(r ->> 'call_ref') into refs from jsonb_array_elements(requests) r;
    if refs is null then
        return verdicts;
    end if;
    perform telecom_wallet_lock(array(
        select distinct a::integer from jsonb_array_elements(requests) r, jsonb_array_elements_text(r -> 'accounts') a),
        refs);
    for request in select r from jsonb_array_elements(requests) r loop
        if not extends and exists (select from telecom_reservation v where v.call_ref = request ->> 'call_ref') then
            verdicts := verdicts || 'null'::jsonb;  -- asked again: the wallet gives the stored answer
            continue;
        end if;
        headroom := '[]'; shares := '[]'; limited := '[]'; added := '{}'; is_short := false;
        for level in
            select l.account, l.amount, l.least, coalesce(l.sharers, 1) as sharers, coalesce(h.amount, 0) as held,
                coalesce(w.reserved_micro, 0) + coalesce((taken ->> l.account::text)::bigint, 0) as reserved,
                coalesce(w.balance_micro + w.credit_limit_micro - w.reserved_micro, 0) as free,
                exists (select from telecom_spend_lock k where k.account_id = l.account and k.unlocked_at is null) as locked
            from unnest(telecom_wallet_json_ids(request -> 'accounts'), telecom_wallet_json_ids(request -> 'amounts'),
                    telecom_wallet_json_ids(request -> 'least'), telecom_wallet_json_ids(request -> 'sharers'))
                with ordinality as l (account, amount, least, sharers, n)
            left join telecom_wallet w on w.account_id = l.account
            left join lateral (
                select m.amount from telecom_reservation v, unnest(v.account_ids, v.amounts_micro) as m (account, amount)
                where v.call_ref = request ->> 'call_ref' and m.account = l.account
            ) h on true
            order by l.n
        loop
            free := level.free;
            own := null;
            for room in select * from telecom_spend_rooms(level.account::integer, level.locked) loop
                most := greatest(case room.rule when 'locked' then 0 when 'call' then room.most_micro - level.held
                    else room.most_micro - room.spent_micro - level.reserved end, 0);
                if room.rule = 'call' then
                    own := most;
                else
                    free := least(free, most);
                end if;
                is_short := is_short or room.rule = 'locked'  -- also when included minutes pay for it all
                    or level.amount - level.held > most / case room.rule when 'call' then 1 else level.sharers end;
                if room.rule = 'locked' or least(level.amount, level.least) - level.held > most then
                    limited := limited || jsonb_build_array(jsonb_build_array(level.account, room.rule));
                    -- a new call that others leave no room for only waits for them; a running one ends by the limit
                    if room.rule in ('day', 'night')
                        and (extends or level.least > room.most_micro - room.spent_micro) then
                        perform telecom_spend_lock(
                            level.account::integer, room.rule, room.most_micro, room.spent_micro, request);
                    end if;
                end if;
            end loop;
            headroom := headroom || to_jsonb(level.held + least(free, own));
            shares := shares || to_jsonb(level.held + least(greatest(free, 0) / level.sharers, own));
            added := added || jsonb_build_object(level.account, level.amount - level.held);
        end loop;
        if is_short then
            verdicts := verdicts || jsonb_build_object('headroom', headroom, 'share', shares, 'limited', limited);
        else
            verdicts := verdicts || 'null'::jsonb;
            taken := taken || (select coalesce(jsonb_object_agg(k, v::bigint + coalesce((taken ->> k)::bigint, 0)), '{}')
                from jsonb_each_text(added) as e (k, v));
        end if;
    end loop;
    return verdicts;
end $$;
