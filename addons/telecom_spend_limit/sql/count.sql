-- What calls may cost, and what they have cost: today, or in the night of now, in the account's zone, and since it was
-- unlocked last.

create or replace function telecom_spend_limits(account integer) returns table (rule text, most_micro bigint)
language sql stable security definer set search_path = public, pg_temp as $$
-- The limits that an account has.
    select l.rule, l.most_micro from (
        select one.rule, round(one.most::numeric * 1000000)::bigint as most_micro
        from telecom_billing_account a, lateral (values ('call', a.max_spend_call), ('day', a.max_spend_day),
            ('night', a.max_spend_night)) as one (rule, most)
        where a.id = $1
    ) l where l.most_micro > 0
$$;

create or replace function telecom_spend_span_of(
    account integer, span text, at timestamptz, out begins timestamptz, out ends timestamptz
)
language sql stable security definer set search_path = public, pg_temp as $$
-- The span that an instant lies in; no row: none, it is not night. A night that begins late belongs to two days.
    select s.begins at time zone s.tz, s.ends at time zone s.tz from (
        select a.tz, d.local, d.day + make_interval(secs => case when $2 = 'day' then 0
                else a.spend_night_from * 3600 - case when a.spend_night_to > a.spend_night_from
                    or d.local - d.day >= make_interval(secs => a.spend_night_from * 3600) then 0 else 86400 end end)
                as begins,
            d.day + make_interval(secs => case when $2 = 'day' then 86400
                else a.spend_night_to * 3600 + case when a.spend_night_to > a.spend_night_from
                    or d.local - d.day < make_interval(secs => a.spend_night_from * 3600) then 0 else 86400 end end)
                as ends
        from telecom_billing_account a,
            lateral (select $3 at time zone a.tz as local, date_trunc('day', $3 at time zone a.tz) as day) d
        where a.id = $1
    ) s where s.local >= s.begins and s.local < s.ends
$$;

create or replace function telecom_spend_sum(account integer, begins timestamptz) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
-- Charges of legs since an instant, from the entries themselves.
    select coalesce(-sum(e.amount_micro), 0)::bigint from telecom_wallet_entry e
    where e.account_id = account and e.kind = 'charge' and e.idempotency_key like 'leg:%' and e.posted_at >= begins
$$;

create or replace function telecom_spend_today(account integer) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select telecom_spend_sum(account, d.begins) from telecom_spend_span_of(account, 'day', now()) d
$$;

create or replace function telecom_spend_count_charges() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Charges of accounts that are counted; whoever posts them holds the wallet's lock.
begin
    if not exists (select from telecom_spend_count) then
        return null;
    end if;
    update telecom_spend_count c set spent_micro = c.spent_micro - n.amount
        from (select account_id, sum(amount_micro) as amount from added
            where kind = 'charge' and idempotency_key like 'leg:%' group by 1) n
        where c.account_id = n.account_id and now() < c.counted_to;
    return null;
end $$;

create or replace trigger telecom_spend_count_charges after insert on telecom_wallet_entry
    referencing new table as added for each statement execute function telecom_spend_count_charges();

create or replace function telecom_spend_of_span(account integer, of_span text, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- What the account has spent in the span that `at` lies in, since it was unlocked last; null: it lies in none. A new
-- span, or a limit that is new, begins with the entries. The caller holds the wallet's lock.
declare
    counted telecom_spend_count;
    day record;
begin
    select * into counted from telecom_spend_count c where c.account_id = $1 and c.span = $2;
    if found and at >= counted.counted_from and at < counted.counted_to then
        return counted.spent_micro;
    end if;
    select greatest(s.begins, (select max(l.unlocked_at) from telecom_spend_lock l where l.account_id = $1)) as begins,
        s.ends into day from telecom_spend_span_of($1, $2, at) s;
    if day.ends is null then
        return null;
    end if;
    insert into telecom_spend_count as c (account_id, span, counted_from, counted_to, spent_micro)
        values ($1, $2, day.begins, day.ends, telecom_spend_sum($1, day.begins))
        on conflict (account_id, span) do update set counted_from = excluded.counted_from,
            counted_to = excluded.counted_to, spent_micro = excluded.spent_micro
        returning * into counted;
    return counted.spent_micro;
end $$;
