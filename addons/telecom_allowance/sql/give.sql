-- Seconds that come: a plan's month, a block; and that go without a call: expiry, reversal.
-- Errors (SQLSTATE) as in telecom_wallet: BSS02 the key was used for something else, BSS03 bad argument.

create or replace function telecom_allowance_add_entry(
    bucket bigint, kind text, seconds bigint, reference text, user_id integer, reverses_id bigint
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- One entry and what is left, together. The caller holds the bucket's lock.
declare
    entry_id bigint;
    new_left_s bigint;
begin
    update telecom_allowance_bucket b set left_s = b.left_s + $3 where b.id = $1 returning b.left_s into new_left_s;
    insert into telecom_allowance_entry (bucket_id, kind, seconds, left_after_s, reference, user_id, reverses_id)
        values ($1, $2, $3, new_left_s, $4, $5, $6) returning id into entry_id;
    return entry_id;
end $$;

create or replace function telecom_allowance_month_of(
    at timestamptz, zone text, out begins timestamptz, out ends timestamptz, out ends_rolled timestamptz
)
language sql stable as $$
-- The calendar month of an instant in a zone: first instant, first instant of the next month and of the one after it.
    select m at time zone coalesce(zone, 'UTC'), (m + interval '1 month') at time zone coalesce(zone, 'UTC'),
        (m + interval '2 months') at time zone coalesce(zone, 'UTC')
    from date_trunc('month', at at time zone coalesce(zone, 'UTC')) m
$$;

create or replace function telecom_allowance_plan_of(account_id integer, direction text, at timestamptz) returns integer
language sql stable security definer set search_path = public, pg_temp as $$
-- Plan of an account at an instant, as the switch sees it: that of its field while it has no dated ones.
    select case when exists (select from telecom_plan_assignment p where p.account_id = $1 and p.direction = $2)
        then (select p.plan_id from telecom_plan_assignment p
               where p.account_id = $1 and p.direction = $2
                 and (p.valid_from is null or p.valid_from <= at at time zone 'UTC')
               order by p.valid_from desc nulls last limit 1)
        else (select case $2 when 'outbound' then a.rate_plan_id else a.inbound_rate_plan_id end
                from telecom_billing_account a where a.id = $1) end
$$;

create or replace function telecom_allowance_open(account_ids integer[], allowance_ids integer[], at timestamptz)
returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
-- Give each account the month of `at` of each allowance in the same place, if its plan then has that one and it has not
-- been given. Two that do it at once: one gives, the other waits for it. Returns how many months were given.
declare
    given integer;
begin
    with due as (
        select distinct pair.account_id, allowance.id as allowance_id, month.begins,
            case when allowance.rolls_over then month.ends_rolled else month.ends end as valid_to,
            allowance.minutes * 60::bigint as seconds
        from unnest($1, $2) as pair (account_id, allowance_id)
        join telecom_billing_account account on account.id = pair.account_id
        join telecom_allowance allowance on allowance.id = pair.allowance_id and allowance.kind = 'plan' and allowance.active
        join telecom_rate_plan plan on plan.id = allowance.plan_id
            and plan.id = telecom_allowance_plan_of(account.id, plan.direction, $3),
        telecom_allowance_month_of($3, account.tz) month
        where not exists (
            select from telecom_allowance_bucket b
            where b.account_id = pair.account_id and b.allowance_id = pair.allowance_id and b.kind = 'month'
                and b.period_start = month.begins)
    ), bucket as (
        insert into telecom_allowance_bucket (account_id, allowance_id, kind, period_start, valid_to, left_s)
            select account_id, allowance_id, 'month', begins, valid_to, seconds from due order by 1, 2
            on conflict (account_id, allowance_id, period_start) where kind = 'month' do nothing
            returning id, left_s
    ), entry as (
        insert into telecom_allowance_entry (bucket_id, kind, seconds, left_after_s)
            select id, 'given', left_s, left_s from bucket where left_s > 0 returning 1
    )
    select count(*) into given from bucket;
    return given;
end $$;

create or replace function telecom_allowance_open_all(at timestamptz) returns integer
language sql security definer set search_path = public, pg_temp as $$
-- The month of every account whose plan has included minutes: the pages then show it before the first call.
    select telecom_allowance_open(array_agg(account.id), array_agg(allowance.id), at)
    from telecom_allowance allowance
    join telecom_rate_plan plan on plan.id = allowance.plan_id
    join telecom_billing_account account on account.company_id = plan.company_id and account.state <> 'closed'
        and telecom_allowance_plan_of(account.id, plan.direction, at) = plan.id
    where allowance.kind = 'plan' and allowance.active
$$;

create or replace function telecom_allowance_give(
    account_id integer, allowance_id integer, seconds bigint, valid_to timestamptz, block_key text, price_micro bigint,
    reference text, user_id integer
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- A block of seconds for an account, and its price (0: none) from the wallet: both or neither. The same key again
-- changes nothing and returns the same bucket.
declare
    bucket telecom_allowance_bucket;
    bucket_id bigint;
    headroom bigint;
begin
    if $3 is null or $3 <= 0 or $6 < 0 or $4 <= now() then
        raise exception 'a block needs seconds above zero, a price of zero or more and an end to come'
            using errcode = 'BSS03';
    end if;
    if $6 > 0 then
        select balance_micro + credit_limit_micro - reserved_micro into headroom
            from telecom_wallet w where w.account_id = $1 for update;
        if not found then
            raise exception 'no wallet for account %', $1 using errcode = 'BSS01';
        end if;
    end if;
    select * into bucket from telecom_allowance_bucket b where b.block_key = $5;
    if found then
        if bucket.account_id <> $1 or bucket.allowance_id <> $2 then
            raise exception 'key % was used for another block', $5 using errcode = 'BSS02';
        end if;
        return bucket.id;
    end if;
    if $6 > headroom then
        raise exception 'the account has % micro left, the block costs %', headroom, $6 using errcode = 'BSS05';
    end if;
    insert into telecom_allowance_bucket (account_id, allowance_id, kind, period_start, valid_to, block_key)
        values ($1, $2, 'block', now(), $4, $5) returning id into bucket_id;
    perform telecom_allowance_add_entry(bucket_id, 'given', $3, $7, $8, null);
    if $6 > 0 then
        perform telecom_wallet_post($1, 'charge', -$6, 'block:' || $5, $7, $8);
    end if;
    return bucket_id;
end $$;

create or replace function telecom_allowance_expire(at timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
-- Take out of buckets that are over what no living call holds. Run again it takes what came back since.
declare
    gone record;
    buckets integer := 0;
begin
    perform from telecom_allowance_bucket b where b.valid_to <= $1 and b.left_s > 0 order by b.id for update;
    for gone in
        select b.id, b.left_s - telecom_allowance_held(b.id) as unused from telecom_allowance_bucket b
        where b.valid_to <= $1 and b.left_s > 0 order by b.id
    loop
        if gone.unused > 0 then
            perform telecom_allowance_add_entry(gone.id, 'expired', -gone.unused, null, null, null);
            buckets := buckets + 1;
        end if;
    end loop;
    return buckets;
end $$;

create or replace function telecom_allowance_reverse(entry_id bigint, reference text, user_id integer) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- Post the opposite of an entry, once; again: the id of what was posted. So a leg that is rated anew gives back what it
-- used. What is spent or held by calls cannot be taken back.
declare
    original telecom_allowance_entry;
    reversal_id bigint;
    free bigint;
begin
    select * into original from telecom_allowance_entry e where e.id = $1;
    if not found or original.kind = 'reversal' then
        raise exception 'entry % cannot be reversed', $1 using errcode = 'BSS03';
    end if;
    select b.left_s into free from telecom_allowance_bucket b where b.id = original.bucket_id for update;
    select e.id into reversal_id from telecom_allowance_entry e where e.reverses_id = $1;
    if found then
        return reversal_id;
    end if;
    free := free - telecom_allowance_held(original.bucket_id);
    if original.seconds > free then
        raise exception 'only % seconds are left to take back', free using errcode = 'BSS05';
    end if;
    return telecom_allowance_add_entry(original.bucket_id, 'reversal', -original.seconds, $2, $3, original.id);
end $$;

create or replace function telecom_allowance_held(bucket bigint) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(sum(h.seconds), 0)::bigint from telecom_allowance_hold h where h.bucket_id = $1
$$;
