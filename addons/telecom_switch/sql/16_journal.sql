-- What a batch of a node's leg journal leads to. One statement is one transaction: locks of wallets, which every call
-- that begins waits for, are held while the server works and never while the bridge reads an answer.

create or replace function telecom_switch_held(on_node text, channels jsonb) returns setof text
language plpgsql stable set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
-- Calls of these channels (a list of uniqueids) that hold something and have no answered leg that is open.
begin
    return query
        select v.call_ref from jsonb_array_elements_text(channels) c
        cross join lateral (  -- `offset`: one look-up a channel; joined, all that the node's calls hold was read each time
            select r.call_ref from telecom_reservation r
            where r.node = on_node and r.channel_uniqueid = c offset 0) v
        where not exists (select from telecom_leg_open leg where leg.call_ref = v.call_ref);
end $$;

create or replace function telecom_switch_take_journal(taken jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$  -- as telecom_wallet_reserve
-- All parts but `node` may be missing: `aside` lines for a person, `position` in the journal, `opened` legs (answered),
-- `moves` of calls to their next trunk, `closed` legs (ended), `legs` to settle, `transferred` legs, `heirs` of callers'
-- channels, `ended` channels, whose calls hold nothing any more. Wallets come last.
-- Returns {"repeated": legs that were settled before, "released": reservations given back}.
declare
    on_node text := taken ->> 'node';
    outcomes jsonb := '[]';
    repeated integer;
    charged text[] := array(  -- calls whose reservations go with their settlement
        select l ->> 'call_ref' from jsonb_array_elements(taken -> 'legs') l
        where (l ->> 'release')::boolean and l ->> 'call_ref' is not null);
    held text[];  -- calls of ended channels that hold something still, unless a leg of the call is answered and open
    released integer := 0;
begin
    if taken ? 'moves' then
        perform telecom_switch_hold_limited(null);  -- before all other locks
    end if;
    if taken ? 'aside' then
        with kept as (
            insert into telecom_journal_set_aside (node, file_id, line_offset, line, reason)
                select on_node, a.file_id, a.line_offset, a.line, a.reason
                from jsonb_to_recordset(taken -> 'aside') as a (file_id text, line_offset bigint, line text, reason text)
            on conflict (node, file_id, line_offset) do nothing
            returning node, reason, line_offset
        )
        insert into telecom_switch_finding (node, kind, detail)
            select node, 'line_set_aside', format('%s (offset %s)', reason, line_offset) from kept;
    end if;
    if taken ? 'position' then
        insert into telecom_journal_offset (node, file_id, read_offset, updated_at)
            values (on_node, taken #>> '{position,file_id}', (taken #>> '{position,offset}')::bigint, now())
        on conflict (node) do update
            set file_id = excluded.file_id, read_offset = excluded.read_offset, updated_at = now();
    end if;
    if taken ? 'opened' then
        insert into telecom_leg_open (
            leg_uniqueid, node, call_ref, attempt, linkedid, channel, userfield, answered_at, seen_at, clock_offset_us,
            boot_id, transferred_by)
        select o.leg_uniqueid, on_node, o.call_ref, o.attempt, o.linkedid, o.channel, o.userfield, o.answered_at,
            o.seen_at, o.clock_offset_us, o.boot_id, o.transferred_by
        from jsonb_to_recordset(taken -> 'opened') as o (
            leg_uniqueid text, call_ref text, attempt integer, linkedid text, channel text, userfield text,
            answered_at timestamptz, seen_at timestamptz, clock_offset_us bigint, boot_id text, transferred_by text)
        on conflict (leg_uniqueid) do nothing;
    end if;
    if taken ? 'closed' then
        delete from telecom_leg_open where leg_uniqueid in (select jsonb_array_elements_text(taken -> 'closed'));
    end if;
    if taken ? 'ended' then  -- asked before wallets are locked: nearly always nothing is left to be given back
        held := array(select h from telecom_switch_held(on_node, taken -> 'ended') h where not h = any (charged));
    end if;
    if taken ? 'legs' then
        outcomes := telecom_call_settle(taken -> 'legs');
    end if;
    select count(*) into repeated from jsonb_array_elements(outcomes) o where o ->> 'outcome' = 'repeated';
    if taken ? 'transferred' then
        update telecom_leg_open leg
            set transferred_by = concat_ws(', ', nullif(leg.transferred_by, ''), t.by), linkedid = t.linkedid
            from jsonb_to_recordset(taken -> 'transferred') as t (leg_uniqueid text, by text, linkedid text)
            where leg.leg_uniqueid = t.leg_uniqueid;
    end if;
    if taken ? 'heirs' then
        perform telecom_wallet_move_caller(on_node, h.replaced, h.uniqueid, h.name, h.linkedid)
            from jsonb_to_recordset(taken -> 'heirs') as h (replaced text, uniqueid text, name text, linkedid text);
    end if;
    if taken ? 'ended' and (repeated > 0 or taken ? 'heirs') then  -- who took a channel's place holds what it held
        held := array(select telecom_switch_held(on_node, taken -> 'ended'));
    end if;
    if cardinality(held) > 0 then
        released := telecom_wallet_release(held);
    end if;
    if taken ? 'moves' then
        perform telecom_switch_move_count(array_agg(m ->> 0), array_agg(m ->> 1), array_agg(m ->> 2))
            from jsonb_array_elements(taken -> 'moves') m;
    end if;
    return jsonb_build_object('released', released, 'repeated', repeated);
end $$;
