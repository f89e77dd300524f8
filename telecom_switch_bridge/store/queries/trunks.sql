-- Trunks.
select trunk_id, carrier_id, endpoint, state, strip_digits, add_prefix, plus_sign from switch_v1_trunk
