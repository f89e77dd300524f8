from . import (
    test_calls_now,
    test_contract,
    test_live_calls,
    test_live_charges,
    test_notify,
    test_pages,
    test_price_views,
    test_schema,
    test_take_journal,
    test_trunk_state,
    test_views,
)
