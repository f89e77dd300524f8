from . import (
    test_demo,
    test_isolation,
    test_preview_equals_live_price,
    test_price_and_route,
    test_prices_at_every_level,
    test_roles,
    test_set_up_by_hand,
    test_surfaces,
    test_told_outside,
)
