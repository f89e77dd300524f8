-- What a rate plan has from an instant on. `extra` as tools/plan_terms.py makes it of a file.
create temporary view price_old as
select rate.id::bigint as row_id, coalesce('d' || rate.destination_id, 'g' || rate.group_id) as key,
       coalesce(rate.valid_from at time zone 'UTC', '-infinity') as starts, rate.valid_to at time zone 'UTC' as ends,
       round(rate.connect_fee::numeric * 1000000)::bigint as fee_micro,
       round(rate.price::numeric * 1000000)::bigint as price_micro,
       60 as unit_s, rate.first_increment_s as first_s, rate.next_increment_s as next_s,
       coalesce(rate.included_s, 0) as included_s,
       jsonb_build_object(
           'method', rate.method,
           'percent', round(rate.percent::numeric * 1000000)::bigint,
           'absolute', round(rate.absolute::numeric * 1000000)::bigint,
           'second_price_from_s', coalesce(rate.second_price_from_s, 0),
           'second_price', round(rate.second_price::numeric * 1000000)::bigint,
           'min_duration_s', coalesce(rate.min_duration_s, 0),
           'min_cost', round(rate.min_cost::numeric * 1000000)::bigint,
           'max_cost', case when rate.max_cost_strategy is null then 0
                            else round(coalesce(rate.max_cost, 0)::numeric * 1000000)::bigint end,
           'max_cost_strategy', rate.max_cost_strategy,
           'grace_s', coalesce(rate.grace_s, 0),
           'grace_mode', case when rate.grace_s > 0 then rate.grace_mode end) as extra,
       to_jsonb(rate) as snapshot
  from telecom_rate rate
 where rate.plan_id = %(plan_id)s
   and (rate.valid_to is null or rate.valid_to at time zone 'UTC' > %(start)s)
