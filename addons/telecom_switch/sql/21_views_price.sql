-- switch_v1: what a call costs the customer and each reseller. Amounts in 1/1,000,000 unit, percents in 1/1,000,000 percent.

create view switch_v1_destination as
select destination.id as destination_id,
       destination.name,
       destination.group_id,
       destination.network_type,
       country.code as country  -- null: satellites and the like
  from telecom_destination destination
  left join res_country country on country.id = destination.country_id;

create view switch_v1_destination_prefix as
select prefix, destination_id from telecom_destination_prefix;

-- Rates of the owner's company: so many units of a currency (with 12 decimals) for one of the company's, from a day on.
-- A rate that was entered for the company goes before one for all; the company's own currency needs none.
create view switch_v1_currency_rate as
with owner as (
    select company.id, company.currency_id from telecom_tenant tenant
      join res_company company on company.id = tenant.company_id where tenant.parent_id is null
), dated as (
    select distinct on (rate.currency_id, rate.name)
           rate.currency_id, rate.name::timestamp at time zone 'UTC' as valid_from, rate.rate::numeric as rate
      from res_currency_rate rate
      join owner on rate.company_id is null or rate.company_id = owner.id
     where rate.rate between 0.000000000001 and 9000000  -- what a bigint holds
     order by rate.currency_id, rate.name, rate.company_id nulls last
)
select currency.name as currency, dated.valid_from, round(dated.rate * 1000000000000)::bigint as rate_e12
  from dated join res_currency currency on currency.id = dated.currency_id
union all
select currency.name, null, 1000000000000
  from owner join res_currency currency on currency.id = owner.currency_id;

create view switch_v1_plan as
select plan.id as plan_id,
       plan.company_id,
       plan.direction,
       currency.name as currency,
       plan.timezone,
       plan.base,
       plan.default_method,
       round(plan.default_percent::numeric * 1000000)::bigint as default_percent_micro,
       round(plan.default_absolute::numeric * 1000000)::bigint as default_absolute_micro,
       plan.rounding_method,
       case when plan.rounding_method is not null then plan.rounding_decimals end as rounding_decimals,
       plan.warning_side,  -- caller, called, both, nobody; null: side and seconds are those of the provider's plan
       coalesce(plan.warning_first_s, 0) as warning_first_s,  -- before the end of the call; 0: none
       coalesce(plan.warning_second_s, 0) as warning_second_s,
       plan.name,
       coalesce(plan.allow_loss, false) as allow_loss  -- counts in plans of the owner
  from telecom_rate_plan plan
  join res_currency currency on currency.id = plan.currency_id;

-- Times of the bands of a set: weekdays, or the dates of a holiday calendar ([year, month, day], year 0: every year).
-- The first of the list is the heaviest; switch_v1_rate has them with prices.
create view switch_v1_band_time as
select band.set_id,
       band.id as band_id,
       band.name,
       row_number() over (partition by band.set_id order by band.sequence desc, band.id desc, time.id desc) as weight,
       case when time.kind = 'holidays' then jsonb_build_array(1, 2, 3, 4, 5, 6, 7) else weekdays.days end as days,
       round(time.from_hour::numeric * 60)::int * 60 as from_s,
       round(time.to_hour::numeric * 60)::int * 60 as to_s,
       case when time.kind = 'holidays' then coalesce(holidays.dates, '[]') end as dates
  from telecom_band_time time
  join telecom_band band on band.id = time.band_id
 cross join lateral (
       select jsonb_agg(day order by day) as days
         from unnest(array[case when mon then 1 end, case when tue then 2 end, case when wed then 3 end,
                           case when thu then 4 end, case when fri then 5 end, case when sat then 6 end,
                           case when sun then 7 end]) day
        where day is not null) weekdays
  left join lateral (
       select jsonb_agg(jsonb_build_array(year, month, day) order by year, month, day) as dates
         from (select distinct case when every_year then 0 else extract(year from date)::int end as year,
                      extract(month from date)::int as month,
                      extract(day from date)::int as day
                 from telecom_holiday where calendar_id = time.calendar_id) each_once) holidays
       on time.kind = 'holidays';

-- Of several rates of one plan and destination (or group) that are valid, the one that began last is in force.
-- In a mark-up 0 (included_s, min_duration_s, grace_s, min_cost_micro) means: as the provider's plan.
-- A fixed rate is one band, all day and week, and where it has prices by time a heavier one for each time of its hours;
-- in a band without a price of its own it costs the same as at other times. The first increment begins after the included seconds;
-- a second price holds for increments that begin at or after second_price_from_s on the call's clock.
create view switch_v1_rate as
select rate.id as rate_id,
       rate.plan_id,
       rate.destination_id,
       rate.group_id,
       rate.method,
       round(rate.percent::numeric * 1000000)::bigint as percent_micro,
       round(rate.absolute::numeric * 1000000)::bigint as absolute_micro,
       case when rate.method = 'fixed' then jsonb_build_array(jsonb_build_object(
           'name', 'always',
           'days', jsonb_build_array(1, 2, 3, 4, 5, 6, 7),
           'from_s', 0,
           'to_s', 86400,
           'weight', 0,
           'month_day', null,
           'connect_fee_micro', round(rate.connect_fee::numeric * 1000000)::bigint,
           'steps', steps.steps)) || coalesce(timed.bands, '[]') end as bands,
       coalesce(rate.included_s, 0) as included_s,
       coalesce(rate.min_duration_s, 0) as min_duration_s,
       coalesce(rate.grace_s, 0) as grace_s,
       case when rate.grace_s > 0 then rate.grace_mode end as grace_mode,
       round(coalesce(rate.min_cost, 0)::numeric * 1000000)::bigint as min_cost_micro,
       case when rate.max_cost_strategy is not null
            then round(coalesce(rate.max_cost, 0)::numeric * 1000000)::bigint end as max_cost_micro,
       rate.max_cost_strategy::text as max_cost_strategy,
       rate.valid_from at time zone 'UTC' as valid_from,
       rate.valid_to at time zone 'UTC' as valid_to
  from telecom_rate rate
 cross join lateral (
       select coalesce(rate.included_s, 0) + rate.first_increment_s as first_end_s,
              nullif(rate.second_price_from_s, 0) as second_s,
              rate.first_increment_s <> rate.next_increment_s as increments_differ) edge
 cross join lateral (
       select jsonb_agg(jsonb_build_object(
                  'from_s', from_s,
                  'price_micro', round(1000000 * case when from_s >= edge.second_s then rate.second_price
                                                      else rate.price end::numeric)::bigint,
                  'price_unit_s', 60,
                  'increment_s', case when from_s < edge.first_end_s then rate.first_increment_s
                                      else rate.next_increment_s end) order by from_s) as steps
         from (select distinct unnest(array[
                      0, case when edge.increments_differ then edge.first_end_s end, edge.second_s]) as from_s) edges
        where from_s is not null) steps
  left join lateral (
       select jsonb_agg(jsonb_build_object(
                  'name', time.name, 'days', time.days, 'from_s', time.from_s, 'to_s', time.to_s,
                  'weight', time.weight, 'month_day', null, 'dates', time.dates,
                  'connect_fee_micro', round(chosen.connect_fee::numeric * 1000000)::bigint,
                  'steps', timed_steps.steps) order by time.weight desc) as bands
         from switch_v1_band_time time
         left join telecom_rate_band own on own.rate_id = rate.id and own.band_id = time.band_id
        cross join lateral (
              select case when own.id is null then rate.connect_fee else own.connect_fee end as connect_fee,
                     case when own.id is null then rate.price else own.price end as price,
                     case when own.id is null then rate.second_price else own.second_price end as second_price,
                     coalesce(own.first_increment_s, rate.first_increment_s) as first_s,
                     coalesce(own.next_increment_s, rate.next_increment_s) as next_s) chosen
        cross join lateral (
              select jsonb_agg(jsonb_build_object(
                         'from_s', from_s,
                         'price_micro', round(1000000 * case when from_s >= edge.second_s then chosen.second_price
                                                             else chosen.price end::numeric)::bigint,
                         'price_unit_s', 60,
                         'increment_s', case when from_s < coalesce(rate.included_s, 0) + chosen.first_s
                                             then chosen.first_s else chosen.next_s end) order by from_s) as steps
                from (select distinct unnest(array[
                             0,
                             case when chosen.first_s <> chosen.next_s
                                  then coalesce(rate.included_s, 0) + chosen.first_s end,
                             edge.second_s]) as from_s) edges
               where from_s is not null) timed_steps
        where time.set_id = rate.band_set_id) timed
       on rate.band_set_id is not null and exists (select from telecom_rate_band own where own.rate_id = rate.id);
