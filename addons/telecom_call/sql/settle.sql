-- The one door by which ended calls become records, charges and wallet entries (charging.md rule 11).

create or replace function telecom_call_settle(legs jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$  -- as telecom_wallet_reserve
-- Settle up to some hundred legs in the caller's transaction; the form of a leg stands in the design's contract.
-- A leg settled before changes nothing ("repeated"). Raises BSS01 when a charged account has no wallet.
-- Everything is written in one order: records by their keys, then wallets by id, then reservations; and the wallets
-- come last, so that calls that are being authorised wait for them as little as possible.
declare
    leg_ids bigint[];       -- per leg of the batch: id of the new record, null when it was there before
    line_account integer[];  -- one line per new leg and charge: account, move of the balance, key, reference
    line_move bigint[];
    line_key text[];
    line_ref text[];
    entry_ids bigint[];
    releases text[];
begin
    if jsonb_array_length(legs) = 0 then
        return '[]';
    end if;
    leg_ids := telecom_call_insert_records(legs);
    select array_agg((c.charge ->> 'account_id')::integer order by e.n, c.i),
        array_agg(-(c.charge ->> 'gross_micro')::bigint order by e.n, c.i),
        array_agg(concat_ws(':', 'leg', e.leg ->> 'leg_uniqueid', e.leg ->> 'direction', c.charge ->> 'account_id')
            order by e.n, c.i),
        array_agg(coalesce(e.leg ->> 'e164', e.leg ->> 'dialled') order by e.n, c.i)
        into line_account, line_move, line_key, line_ref
        from jsonb_array_elements(legs) with ordinality as e (leg, n),
            jsonb_array_elements(telecom_call_charges(e.leg)) with ordinality as c (charge, i)
        where leg_ids[e.n] is not null;
    select array_agg(e.leg ->> 'call_ref') into releases
        from jsonb_array_elements(legs) with ordinality as e (leg, n)
        where leg_ids[e.n] is not null and (e.leg ->> 'release')::boolean and e.leg ->> 'call_ref' is not null;
    entry_ids := telecom_wallet_entry_ids(line_move);
    perform telecom_call_insert_charges(legs, leg_ids, entry_ids);
    perform telecom_wallet_charge(line_account, line_move, line_key, line_ref, releases, entry_ids);
    return (
        select jsonb_agg(jsonb_build_object('leg_uniqueid', e.leg -> 'leg_uniqueid', 'direction', e.leg -> 'direction',
            'outcome', case when leg_ids[e.n] is null then 'repeated' else 'settled' end) order by e.n)
        from jsonb_array_elements(legs) with ordinality as e (leg, n)
    );
end $$;

create or replace function telecom_call_charges(leg jsonb) returns jsonb
language sql immutable parallel safe as $$
    select coalesce(nullif($1 -> 'charges', 'null'), '[]')  -- what is no list is an error, never a free call
$$;

create or replace function telecom_call_insert_records(legs jsonb) returns bigint[]
language plpgsql security definer set search_path = public, pg_temp as $$
-- Insert each leg or nothing, and what carriers are owed for those that are new. Returns the new ids in the order of the
-- legs, null where the record existed.
-- Inserted in the order of their keys, so that two processes with the same legs do not wait for each other in a circle.
declare
    ids bigint[] := array(select nextval('telecom_call_record_id_seq') from jsonb_array_elements(legs));
begin
    with inserted as (
        insert into telecom_call_record (
            id, leg_uniqueid, direction, started_at, answered_at, ended_at, duration_us, node, linkedid, call_ref,
            attempt, account_id, company_id, phone_id, number_id, from_number, dialled, e164, destination_id, carrier_id,
            trunk_id, hangup_cause, disposition, answered_s, carrier_billed_s, carrier_cost_micro, carrier_currency,
            terms, carrier_revenue_micro, revenue_net_micro, revenue_gross_micro, revenue_currency
        )
        select ids[i.n], i.leg_uniqueid, i.direction, i.started_at, i.answered_at, i.ended_at,
            coalesce(i.duration_us, 0), i.node, i.linkedid, i.call_ref, i.attempt, i.account_id, i.company_id,
            i.phone_id, i.number_id, i.from_number, i.dialled, i.e164, i.destination_id, i.carrier_id, i.trunk_id,
            i.hangup_cause, i.disposition, coalesce(i.answered_s, 0), i.carrier_billed_s,
            coalesce(i.carrier_cost_micro, 0), i.carrier_currency, i.terms, coalesce(i.carrier_revenue_micro, 0),
            coalesce((top.charge ->> 'net_micro')::bigint, 0), coalesce((top.charge ->> 'gross_micro')::bigint, 0),
            top.charge ->> 'currency'
        from rows from (jsonb_to_recordset(legs) as (
            leg_uniqueid text, direction text, started_at timestamptz, answered_at timestamptz, ended_at timestamptz,
            duration_us bigint, node text, linkedid text, call_ref text, attempt integer, account_id integer,
            company_id integer, phone_id integer, number_id integer, from_number text, dialled text, e164 text,
            destination_id integer, carrier_id integer, trunk_id integer, hangup_cause integer, disposition text,
            answered_s integer, carrier_billed_s integer, carrier_cost_micro bigint, carrier_currency text, terms jsonb,
            charges jsonb, carrier_revenue_micro bigint
        )) with ordinality as i (
            leg_uniqueid, direction, started_at, answered_at, ended_at, duration_us, node, linkedid, call_ref, attempt,
            account_id, company_id, phone_id, number_id, from_number, dialled, e164, destination_id, carrier_id,
            trunk_id, hangup_cause, disposition, answered_s, carrier_billed_s, carrier_cost_micro, carrier_currency,
            terms, charges, carrier_revenue_micro, n
        ) left join lateral (
            select c.charge from jsonb_array_elements(coalesce(i.charges, '[]')) c (charge)
            order by (c.charge ->> 'level')::integer desc limit 1
        ) top on true
        order by i.leg_uniqueid, i.direction, i.n
        on conflict (leg_uniqueid, direction, started_at) do nothing
        returning id, started_at, answered_at, direction, duration_us, carrier_id, carrier_currency, carrier_billed_s,
            carrier_cost_micro, carrier_revenue_micro
    ), owed as (
        insert into telecom_carrier_ledger (
            day, carrier_id, direction, currency, legs, answered, duration_us, billed_s, cost_micro, revenue_micro)
        select (r.started_at at time zone 'UTC')::date, r.carrier_id, r.direction, r.carrier_currency, count(*),
            count(r.answered_at), sum(r.duration_us), coalesce(sum(r.carrier_billed_s), 0), sum(r.carrier_cost_micro),
            sum(r.carrier_revenue_micro)
        from inserted r where r.carrier_id is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
    )
    select array_agg(s.id order by l.n) into ids
        from unnest(ids) with ordinality as l (id, n) left join inserted s on s.id = l.id;
    return ids;
end $$;

create or replace function telecom_call_insert_charges(
    legs jsonb, leg_ids bigint[], entry_ids bigint[]
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- Charges of the new legs; entry_ids has one element per charge in the order of legs and charges.
-- The caller's own number is the customer's business: resellers above see what was dialled, when and how long.
begin
    insert into telecom_call_charge (
        record_id, leg_uniqueid, direction, started_at, answered_at, level, account_id, company_id, from_number,
        dialled, e164, destination_id, answered_s, billed_s, plan_id, currency, net_micro, tax_micro, gross_micro,
        entry_id, terms, customer_company_id
    )
    select leg_ids[l.n], l.leg_uniqueid, l.direction, l.started_at, l.answered_at, (c.charge ->> 'level')::smallint,
        (c.charge ->> 'account_id')::integer, (c.charge ->> 'company_id')::integer,
        case when (c.charge ->> 'level')::smallint = 0 then l.from_number end,
        l.dialled, l.e164, l.destination_id, coalesce(l.answered_s, 0), coalesce((c.charge ->> 'billed_s')::integer, 0),
        (c.charge ->> 'plan_id')::integer, c.charge ->> 'currency', (c.charge ->> 'net_micro')::bigint,
        (c.charge ->> 'tax_micro')::bigint, (c.charge ->> 'gross_micro')::bigint,
        entry_ids[row_number() over (order by l.n, c.i)], nullif(c.charge -> 'terms', 'null'),
        (select a.customer_company_id from telecom_billing_account a
            where a.id = (c.charge ->> 'account_id')::integer)
    from rows from (jsonb_to_recordset(legs) as (
            leg_uniqueid text, direction text, started_at timestamptz, answered_at timestamptz, from_number text,
            dialled text, e164 text, destination_id integer, answered_s integer, charges jsonb
        )) with ordinality as l (
            leg_uniqueid, direction, started_at, answered_at, from_number, dialled, e164, destination_id, answered_s,
            charges, n
        ),
        jsonb_array_elements(coalesce(l.charges, '[]')) with ordinality as c (charge, i)
    where leg_ids[l.n] is not null
    order by l.n, c.i;
end $$;
