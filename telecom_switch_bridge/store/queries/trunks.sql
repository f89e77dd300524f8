-- Trunks.
select trunk_id, carrier_id, endpoint, state, strip_digits, add_prefix, plus_sign, max_channels,
       max_calls_per_second, give_up_s
  from switch_v1_trunk
