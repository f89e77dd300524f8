-- Longer grants for running calls, and the release of reservations. Locks: wallets in id order, then reservations in
-- call_ref order.

create or replace function telecom_wallet_lock(account_ids integer[], call_refs text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- Lock the wallets of the accounts and of the calls' reservations, then the reservations.
begin
    perform from telecom_wallet where account_id in (
        select unnest($1) union select unnest(r.account_ids) from telecom_reservation r where r.call_ref = any ($2)
    ) order by account_id for update;
    perform from telecom_reservation r where r.call_ref = any ($2) order by r.call_ref for update;
end $$;

create or replace function telecom_wallet_extend(requests jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- Each request carries the new totals of its levels; what the call holds already counts as available to it.
-- `sharers` (may be left out): for each level how many running calls it pays. A call then gets no more than its even
-- share of the headroom in one go; asked without, it gets whatever there is.
declare
    refs text[];
    answers jsonb := '[]';
    answer jsonb;
begin
    select array_agg(e.r ->> 'call_ref' order by e.n) into refs
        from jsonb_array_elements(requests) with ordinality as e (r, n);
    if refs is null then
        return '[]';
    end if;
    perform telecom_wallet_lock('{}', refs);
    if (select count(distinct r) = count(*) from unnest(refs) r) then
        answers := telecom_wallet_extend_together(requests);
        if answers is not null then
            return answers;
        end if;
    end if;
    answers := '[]';
    for request in 0 .. cardinality(refs) - 1 loop
        answer := telecom_wallet_extend_one(requests -> request);
        answers := answers || answer;
    end loop;
    return answers;
end $$;

create or replace function telecom_wallet_extend_together(requests jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- Extend all calls in one pass. Null, and nothing is changed: they do not fit together, or a call is gone or wrong.
declare
    accounts integer[];
    totals bigint[];
    largest bigint[];  -- of an account: what one call asks for, as often as calls share it
    found_all boolean;
begin
    select bool_and(r.call_ref is not null and cardinality(r.amounts_micro) = cardinality(e.amounts)
            and not 0 > any (e.amounts))
        into found_all
        from (select q ->> 'call_ref' as call_ref, telecom_wallet_json_ids(q -> 'amounts') as amounts
            from jsonb_array_elements(requests) q) e
        left join telecom_reservation r on r.call_ref = e.call_ref;
    if found_all is not true then
        return null;
    end if;
    select array_agg(d.account), array_agg(d.total), array_agg(d.largest) into accounts, totals, largest from (
        select l.account, sum(l.new_amount - l.old_amount) as total,
            max((l.new_amount - l.old_amount) * coalesce(l.sharers, 1)) as largest
        from jsonb_array_elements(requests) q join telecom_reservation r on r.call_ref = q ->> 'call_ref',
            unnest(r.account_ids, r.amounts_micro, telecom_wallet_json_ids(q -> 'amounts'),
                telecom_wallet_json_ids(q -> 'sharers')) as l (account, old_amount, new_amount, sharers)
        group by l.account
    ) d;
    if exists (
        select from unnest(accounts, totals, largest) as d (account, total, shared_total)
        join telecom_wallet w on w.account_id = d.account
        where greatest(d.total, d.shared_total) > greatest(w.balance_micro + w.credit_limit_micro - w.reserved_micro, 0)
    ) then
        return null;
    end if;
    update telecom_wallet w set reserved_micro = w.reserved_micro + d.total
        from unnest(accounts, totals) as d (account, total) where w.account_id = d.account and d.total <> 0;
    update telecom_reservation r
        set amounts_micro = telecom_wallet_json_ids(q -> 'amounts'), granted_s = (q ->> 'granted_s')::integer,
            extended_at = now()
        from jsonb_array_elements(requests) q where r.call_ref = q ->> 'call_ref';
    return (
        select jsonb_agg(jsonb_build_object(
            'call_ref', q -> 'call_ref', 'outcome', 'extended', 'granted_s', q -> 'granted_s') order by n)
        from jsonb_array_elements(requests) with ordinality as e (q, n)
    );
end $$;

create or replace function telecom_wallet_extend_one(request jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- Extend one call whose wallets and reservation are locked.
declare
    held telecom_reservation;
    amounts bigint[] := telecom_wallet_json_ids(request -> 'amounts');
    short boolean;
    most jsonb;  -- per level: how much the new total may be
    shares jsonb;  -- per level: how much it would be with an even share of the headroom
begin
    select * into held from telecom_reservation r where r.call_ref = request ->> 'call_ref';
    if not found then
        return jsonb_build_object('call_ref', request -> 'call_ref', 'outcome', 'gone');
    end if;
    if cardinality(amounts) is distinct from cardinality(held.amounts_micro) or 0 > any (amounts) then
        raise exception 'call % needs % amounts of 0 or more', held.call_ref, cardinality(held.amounts_micro)
            using errcode = 'BSS03';
    end if;
    select bool_or(l.wanted > l.old and l.wanted > l.old + w.headroom / greatest(coalesce(l.sharers, 1), 1)),
        jsonb_agg(l.old + w.headroom order by l.n),
        jsonb_agg(l.old + w.headroom / greatest(coalesce(l.sharers, 1), 1) order by l.n)
        into short, most, shares
        from unnest(held.account_ids, held.amounts_micro, amounts, telecom_wallet_json_ids(request -> 'sharers'))
            with ordinality as l (account, old, wanted, sharers, n)
        join (select account_id, balance_micro + credit_limit_micro - reserved_micro as headroom from telecom_wallet
            where account_id = any (held.account_ids)) w on w.account_id = l.account;
    if short then
        return jsonb_build_object('call_ref', held.call_ref, 'outcome', 'short', 'granted_s', held.granted_s,
            'headroom', most, 'share', shares);
    end if;
    update telecom_wallet w set reserved_micro = w.reserved_micro + l.wanted - l.old
        from unnest(held.account_ids, held.amounts_micro, amounts) as l (account, old, wanted)
        where w.account_id = l.account and l.wanted <> l.old;
    update telecom_reservation r
        set amounts_micro = amounts, granted_s = (request ->> 'granted_s')::integer, extended_at = now()
        where r.call_ref = held.call_ref;
    return jsonb_build_object('call_ref', held.call_ref, 'outcome', 'extended', 'granted_s', request -> 'granted_s');
end $$;

create or replace function telecom_wallet_release(call_refs text[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
-- Give back what the calls hold. Returns how many reservations there were; one that is gone is no error.
declare
    released integer;
begin
    perform telecom_wallet_lock('{}', call_refs);
    with gone as (
        delete from telecom_reservation r where r.call_ref = any ($1) returning r.account_ids, r.amounts_micro
    ), totals as (
        select l.account, sum(l.amount) as total from gone, unnest(gone.account_ids, gone.amounts_micro)
            as l (account, amount) group by l.account
    ), given as (
        update telecom_wallet w set reserved_micro = w.reserved_micro - t.total
        from totals t where w.account_id = t.account and t.total <> 0
    )
    select count(*) into released from gone;
    return released;
end $$;

create or replace function telecom_wallet_move_caller(
    on_node text, from_channel text, to_channel text, to_name text, to_call text
) returns void
language sql security definer set search_path = public, pg_temp as $$
-- A transferred party has taken the place of a caller's channel that was still dialling: what that channel holds is the
-- party's from now on, and is not given back with the channel's end. No money moves, so no wallet is locked.
    update telecom_reservation
        set channel_uniqueid = to_channel,
            frozen = frozen || jsonb_build_object('caller_channel', to_name, 'linkedid', to_call)
        where node = on_node and channel_uniqueid = from_channel
$$;
