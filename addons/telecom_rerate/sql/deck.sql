select prefix::bigint, length(prefix)::bigint, connect_fee_micro::bigint, price_micro::bigint, price_unit_s::bigint,
    first_increment_s::bigint, next_increment_s::bigint, included_s::bigint,
    coalesce((extract(epoch from nullif(valid_from, '-infinity')) * 1000000)::bigint, -4611686018427387904),
    coalesce((extract(epoch from nullif(valid_to, 'infinity')) * 1000000)::bigint, 4611686018427387904)
from switch_v1_deck_rate
where carrier_id = {carrier} and direction = '{direction}'
