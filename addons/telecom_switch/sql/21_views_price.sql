-- switch_v1: what a call costs the customer and each reseller. Amounts in 1/1,000,000 unit, percents in 1/1,000,000 percent.

create view switch_v1_destination as
select id as destination_id, name, group_id from telecom_destination;

create view switch_v1_destination_prefix as
select prefix, destination_id from telecom_destination_prefix;

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
       plan.name
  from telecom_rate_plan plan
  join res_currency currency on currency.id = plan.currency_id;

-- What one unit of the owner's currency is in others, from the beginning of a day (UTC) until the next row of the
-- currency. A currency without a row has no rate: what would need one is refused.
create view switch_v1_currency_rate as
select currency.name as currency, rate.name::timestamp at time zone 'UTC' as valid_from, rate.rate::numeric as rate
  from telecom_tenant owner
  join res_company company on company.id = owner.company_id
  join res_currency_rate rate on rate.company_id = company.id or rate.company_id is null
  join res_currency currency on currency.id = rate.currency_id
 where owner.parent_id is null
union all
select currency.name, null, 1
  from telecom_tenant owner
  join res_company company on company.id = owner.company_id
  join res_currency currency on currency.id = company.currency_id
 where owner.parent_id is null
   and not exists (select from res_currency_rate rate where rate.currency_id = currency.id
                       and (rate.company_id = company.id or rate.company_id is null));

-- Of several rates of one plan and destination (or group) that are valid, the one that began last is in force.
-- In a mark-up 0 (included_s, min_duration_s, grace_s, min_cost_micro) means: as the provider's plan.
-- A fixed rate is one band, all day and week. The first increment begins after the included seconds;
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
           'steps', steps.steps)) end as bands,
       coalesce(rate.included_s, 0) as included_s,
       coalesce(rate.min_duration_s, 0) as min_duration_s,
       coalesce(rate.grace_s, 0) as grace_s,
       case when rate.grace_s > 0 then rate.grace_mode end as grace_mode,
       round(coalesce(rate.min_cost, 0)::numeric * 1000000)::bigint as min_cost_micro,
       null::bigint as max_cost_micro,
       null::text as max_cost_strategy,
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
        where from_s is not null) steps;
