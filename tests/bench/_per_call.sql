-- The baseline of authorise.db: the same rows of the same tables, one transaction a call, by conditional UPDATEs.
-- One round trip each, and the reseller that all calls share comes last: its row is locked for the shortest time.
create function bench_authorise(
    call_ref text, channel text, accounts integer[], amounts bigint[], granted_s integer, frozen jsonb
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into telecom_reservation values ($1, 'bench', $2, $3, $4, $5, $6);
    for i in 1 .. cardinality(accounts) loop
        update telecom_wallet set reserved_micro = reserved_micro + amounts[i]
            where account_id = accounts[i] and balance_micro + credit_limit_micro - reserved_micro >= amounts[i];
        if not found then
            raise exception 'no credit';
        end if;
    end loop;
    return true;
end $$;

create function bench_settle(leg jsonb) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    held telecom_reservation;
    r telecom_call_record;
    new_id bigint;
    charge jsonb;
    c telecom_call_charge;
    new_balance bigint;
    entry bigint;
begin
    r := jsonb_populate_record(null::telecom_call_record, leg);
    insert into telecom_call_record (
        leg_uniqueid, direction, started_at, answered_at, ended_at, duration_us, node, linkedid, call_ref, attempt,
        account_id, company_id, phone_id, number_id, from_number, dialled, e164, destination_id, carrier_id, trunk_id,
        hangup_cause, disposition, answered_s, carrier_billed_s, carrier_cost_micro, carrier_currency, terms,
        revenue_net_micro, revenue_gross_micro, revenue_currency)
    values (
        r.leg_uniqueid, r.direction, r.started_at, r.answered_at, r.ended_at, r.duration_us, r.node, r.linkedid,
        r.call_ref, r.attempt, r.account_id, r.company_id, r.phone_id, r.number_id, r.from_number, r.dialled, r.e164,
        r.destination_id, r.carrier_id, r.trunk_id, r.hangup_cause, r.disposition, r.answered_s, r.carrier_billed_s,
        r.carrier_cost_micro, r.carrier_currency, r.terms, (leg #>> '{charges,-1,net_micro}')::bigint,
        (leg #>> '{charges,-1,gross_micro}')::bigint, leg #>> '{charges,-1,currency}')
    on conflict (leg_uniqueid, direction, started_at) do nothing returning id into new_id;
    if new_id is null then
        return false;
    end if;
    delete from telecom_reservation where call_ref = r.call_ref returning * into held;
    for charge in select * from jsonb_array_elements(leg -> 'charges') loop
        c := jsonb_populate_record(null::telecom_call_charge, charge);
        update telecom_wallet set balance_micro = balance_micro - c.gross_micro,
            reserved_micro = reserved_micro - held.amounts_micro[array_position(held.account_ids, c.account_id)]
            where account_id = c.account_id returning balance_micro into new_balance;
        insert into telecom_wallet_entry
            (account_id, kind, amount_micro, balance_after_micro, idempotency_key, reference)
        values (c.account_id, 'charge', -c.gross_micro, new_balance,
            concat_ws(':', 'leg', r.leg_uniqueid, r.direction, c.account_id), r.e164) returning id into entry;
        insert into telecom_call_charge (
            record_id, leg_uniqueid, direction, started_at, answered_at, level, account_id, company_id, from_number,
            dialled, e164, destination_id, answered_s, billed_s, plan_id, currency, net_micro, tax_micro, gross_micro,
            entry_id, terms, customer_company_id)
        values (
            new_id, r.leg_uniqueid, r.direction, r.started_at, r.answered_at, c.level, c.account_id, c.company_id,
            case when c.level = 0 then r.from_number end, r.dialled, r.e164, r.destination_id, r.answered_s, c.billed_s,
            c.plan_id, c.currency, c.net_micro, c.tax_micro, c.gross_micro, entry, c.terms,
            (select a.customer_company_id from telecom_billing_account a where a.id = c.account_id));
    end loop;
    return true;
end $$;
