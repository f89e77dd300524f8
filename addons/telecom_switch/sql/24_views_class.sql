-- switch_v1: which numbers outside may be called (core/class_of_service.py).

-- open_days: 1 = Monday; open_from_s, open_to_s: seconds of the day in timezone, for rules that hold by the hour.
create view switch_v1_service_class as
select id as class_id,
       name,
       other_calls = 'allow' as allows_others,
       tz as timezone,
       case open_days when 'all' then '{1,2,3,4,5,6,7}' when 'six' then '{1,2,3,4,5,6}' else '{1,2,3,4,5}' end::int[]
           as open_days,
       round(open_from::numeric * 3600)::int as open_from_s,
       round(open_to::numeric * 3600)::int as open_to_s,
       company_id,
       account_id  -- of a customer, for its telephones; null: of the provider, for its customers' accounts
  from telecom_service_class;

-- kind: number, prefix (digits), destination, group, country (ISO code), network_type; hours: always, open, closed.
create view switch_v1_service_rule as
select rule.id as rule_id,
       rule.class_id,
       rule.action = 'allow' as allows,
       rule.hours,
       rule.kind,
       rule.digits,
       rule.destination_id,
       rule.group_id,
       country.code as country,
       rule.network_type
  from telecom_service_rule rule
  left join res_country country on country.id = rule.country_id;
