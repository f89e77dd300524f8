from . import (
    test_dial_target,
    test_forward,
    test_list_order,
    test_number,
    test_phone,
    test_ring_group,
    test_strangers,
)
