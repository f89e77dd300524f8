-- Trunks.
select trunk_id, carrier_id, endpoint, state, strip_digits, add_prefix, plus_sign, max_channels,
       max_calls_per_second, give_up_s, registers, check_s, login_version,
       number_style, cli_style, country_code, national_prefix, international_prefix, in_strip_digits, in_add_prefix
  from switch_v1_trunk
