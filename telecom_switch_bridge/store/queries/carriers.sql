-- Carriers.
select carrier_id, name, currency, timezone, duration_rule, rounding_method, rounding_decimals, state
  from switch_v1_carrier
