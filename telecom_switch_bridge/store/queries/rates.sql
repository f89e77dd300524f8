-- Rates of all plans that are not over yet.
select rate_id, plan_id, destination_id, group_id, method, percent_micro, absolute_micro, bands, included_s,
       min_duration_s, grace_s, grace_mode, min_cost_micro, max_cost_micro, max_cost_strategy, valid_from, valid_to
  from switch_v1_rate
 where valid_to is null or valid_to > now() - interval '1 day'
