-- Rate plans.
select plan_id, company_id, direction, currency, timezone, base, default_method, default_percent_micro,
       default_absolute_micro, rounding_method, rounding_decimals, warning_side, warning_first_s, warning_second_s,
       allow_loss
  from switch_v1_plan
