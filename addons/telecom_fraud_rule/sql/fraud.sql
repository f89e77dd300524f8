-- Calls that fraud rules count, and whether a call is one too many. Safe to run again.

create table if not exists telecom_fraud_call (
    account_id integer not null references telecom_billing_account (id) on delete cascade,
    call_ref text collate "C" not null,
    asked_at timestamptz not null default now(),
    e164 text not null,
    country_id integer,
    primary key (account_id, call_ref)  -- a question that is asked again counts once
);
create index if not exists telecom_fraud_call_account_idx on telecom_fraud_call (account_id, asked_at);
create index if not exists telecom_fraud_call_asked_idx on telecom_fraud_call using brin (asked_at);

create or replace function telecom_fraud_rules_of(account integer) returns setof telecom_fraud_rule
language sql stable security definer set search_path = public, pg_temp as $$
-- Rules that hold for an account: those that name it, and its provider's for all; these do not mean resellers.
    select r.* from telecom_billing_account a join telecom_fraud_rule r on r.company_id = a.company_id and r.active
    where a.id = $1 and case
        when exists (select from telecom_fraud_rule_account_rel n where n.rule_id = r.id)
            then exists (select from telecom_fraud_rule_account_rel n where n.rule_id = r.id and n.account_id = a.id)
        else not exists (select from telecom_tenant t where t.account_id = a.id) end
$$;

create or replace view telecom_fraud_watched as  -- accounts for which some rule holds, for all of them in one look
    select n.account_id from telecom_fraud_rule r join telecom_fraud_rule_account_rel n on n.rule_id = r.id where r.active
    union
    select a.id from telecom_fraud_rule r join telecom_billing_account a on a.company_id = r.company_id
    where r.active and not exists (select from telecom_tenant t where t.account_id = a.id)
        and not exists (select from telecom_fraud_rule_account_rel n where n.rule_id = r.id);

create or replace function telecom_fraud_counts(rule telecom_fraud_rule, country integer) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether a rule counts calls to a country (null: in none).
    select rule.kind <> 'country' or (rule.countries = 'these') = exists (
        select from telecom_fraud_rule_country_rel c where c.rule_id = rule.id and c.country_id = $2)
$$;

create or replace function telecom_fraud_counted(account integer, e164 text, country integer, at timestamptz)
returns table (rule_id integer, name text, kind text, most_calls integer, within_min integer, at_night boolean, calls bigint)
language sql stable security definer set search_path = public, pg_temp as $$
-- Rules that count such a call, and what they have counted. The night is the account's and the one that `at` lies in.
    select r.id, r.name, r.kind, r.most_calls, r.within_min, r.at_night is true, (
        select count(*) from telecom_fraud_call c
        where c.account_id = $1 and c.asked_at > greatest(at - make_interval(mins => r.within_min), night.begins, (
                select max(l.unlocked_at) from telecom_spend_lock l where l.account_id = $1))
            and case r.kind when 'repeated' then c.e164 = $2 else telecom_fraud_counts(r, c.country_id) end)
    from telecom_fraud_rules_of($1) r
    left join lateral telecom_spend_span_of($1, 'night', at) night on r.at_night
    where (r.at_night is not true or night.ends is not null) and telecom_fraud_counts(r, $3)
$$;

drop function if exists telecom_fraud_broken(integer, text, integer, timestamptz);  -- it gave the kind alone
create function telecom_fraud_broken(account integer, e164 text, country integer, at timestamptz)
returns table (kind text, name text)
language sql stable security definer set search_path = public, pg_temp as $$
-- The rule by which a call is one too many; no row: none.
    select r.kind, r.name from telecom_fraud_counted($1, $2, $3, $4) r where r.calls >= r.most_calls order by r.rule_id limit 1
$$;

create or replace function telecom_fraud_told(accounts integer[], e164s text[], destinations integer[])
returns table (
    account_id integer, e164 text, destination_id integer, rule_id integer, name text, kind text, most_calls integer,
    within_min integer, at_night boolean, calls bigint
)
language sql stable security definer set search_path = public, pg_temp as $$
-- What the rules of accounts say now about calls to numbers (as many as destinations: one for each); counts nothing.
    select a.id, n.e164, n.destination_id, r.* from unnest($1) a (id)
    cross join unnest($2, $3) n (e164, destination_id)
    left join telecom_destination d on d.id = n.destination_id
    cross join lateral telecom_fraud_counted(a.id, n.e164, d.country_id, now()) r
    order by a.id, r.rule_id
$$;

create or replace function telecom_fraud_verdicts(requests jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
-- For each request for a new call, in order: null, no rule is broken and the call is counted; or the answer to it, and
-- the accounts whose rules it breaks are locked; empty: no rule holds for any. Locks the wallets, so that calls at once are
-- counted one by one.
declare
    watched integer[];
    request jsonb;
    payer integer;
    called text;
    country integer;
    broken jsonb;
    nothing jsonb;  -- for each level
    kind text;
    rule_name text;
    verdicts jsonb := '[]';
begin
    watched := array(
        select distinct a::integer from jsonb_array_elements(requests) r, jsonb_array_elements_text(r -> 'accounts') a
        where exists (select from telecom_fraud_rules_of(a::integer)));
    if watched = '{}' then
        return '[]';
    end if;
    perform telecom_wallet_lock(array(  -- of all accounts at once, in their order, as everybody locks them
        select distinct a::integer from jsonb_array_elements(requests) r, jsonb_array_elements_text(r -> 'accounts') a), '{}');
    for request in select r from jsonb_array_elements(requests) r loop
        broken := '[]';
        called := request #>> '{frozen,e164}';
        if request #>> '{frozen,direction}' = 'outbound' and called <> '' then
            select d.country_id into country from telecom_destination d
                where d.id = (request #>> '{frozen,destination_id}')::integer;
            for payer in
                select distinct a::integer from jsonb_array_elements_text(request -> 'accounts') a
                where a::integer = any (watched) and not exists (
                    select from telecom_fraud_call c
                    where c.account_id = a::integer and c.call_ref = request ->> 'call_ref')
                order by 1
            loop
                select b.kind, b.name into kind, rule_name from telecom_fraud_broken(payer, called, country, now()) b;
                if kind is null then
                    insert into telecom_fraud_call (account_id, call_ref, e164, country_id)
                        values (payer, request ->> 'call_ref', called, country);
                else
                    perform telecom_spend_lock(payer, kind, null, null, request, rule_name);
                    broken := broken || jsonb_build_array(jsonb_build_array(payer, kind));
                end if;
            end loop;
        end if;
        nothing := (select jsonb_agg(0) from jsonb_array_elements(request -> 'accounts'));
        verdicts := verdicts || case when broken = '[]' then 'null'::jsonb
            else jsonb_build_object('headroom', nothing, 'share', nothing, 'limited', broken) end;
    end loop;
    return verdicts;
end $$;

create or replace function telecom_fraud_forget(minutes integer) returns void
language sql security definer set search_path = public, pg_temp as $$
    delete from telecom_fraud_call where asked_at < now() - make_interval(mins => $1)
$$;
