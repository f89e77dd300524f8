-- Calls that look like misuse: one number again and again, or countries that the account does not usually call.

create table if not exists telecom_spend_try (
    account_id integer not null references telecom_billing_account (id) on delete cascade,
    call_ref text not null,
    called text not null,
    is_unusual boolean not null,
    tried_at timestamptz not null default now(),
    primary key (account_id, call_ref)
);
create index if not exists telecom_spend_try_called on telecom_spend_try (account_id, called, tried_at);
create index if not exists telecom_spend_try_time on telecom_spend_try (account_id, tried_at);

create or replace function telecom_spend_is_unusual(account integer, request jsonb) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether a call goes to a country that is neither the account's own nor one of its usual ones; to none: it does.
    select not coalesce(d.country_id = a.country_id or exists (
            select from telecom_account_usual_country_rel u where u.account_id = a.id and u.country_id = d.country_id
        ), false)
    from telecom_billing_account a
    left join telecom_destination d on d.id = ($2 #>> '{frozen,destination_id}')::integer
    where a.id = $1
$$;

create or replace function telecom_spend_pattern(account integer, request jsonb) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
-- The rule that a new call to the outside would break; null: none.
declare
    rules record;
    begins timestamptz;
begin
    if request #>> '{frozen,direction}' is distinct from 'outbound' then
        return null;
    end if;
    select a.max_repeated_hour, a.max_unusual_day into rules from telecom_billing_account a where a.id = account;
    if rules.max_repeated_hour is not null and rules.max_repeated_hour <= (
        select count(*) from telecom_spend_try t where t.account_id = account
            and t.called = request #>> '{frozen,e164}' and t.tried_at > now() - interval '1 hour'
            and t.call_ref <> request ->> 'call_ref'
    ) then
        return 'repeated';
    end if;
    if rules.max_unusual_day is not null and telecom_spend_is_unusual(account, request) then
        select d.begins into begins from telecom_spend_span_of(account, 'day', now()) d;
        if rules.max_unusual_day <= (
            select count(*) from telecom_spend_try t where t.account_id = account and t.is_unusual
                and t.tried_at >= begins and t.call_ref <> request ->> 'call_ref'
        ) then
            return 'country';
        end if;
    end if;
    return null;
end $$;

create or replace function telecom_spend_remember(account integer, request jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- A call of an account with such rules goes on. What is older than any rule looks back is forgotten.
begin
    if request #>> '{frozen,direction}' = 'outbound' then
        delete from telecom_spend_try t where t.account_id = account and t.tried_at < now() - interval '26 hours';
        insert into telecom_spend_try (account_id, call_ref, called, is_unusual)
            values (account, request ->> 'call_ref', request #>> '{frozen,e164}',
                telecom_spend_is_unusual(account, request))
            on conflict do nothing;
    end if;
end $$;
