-- Route entries.
select route_id, prefix, rule, expected_s, allow_loss, min_margin_micro, min_margin_percent_micro, is_emergency,
       least_quality
  from switch_v1_route
