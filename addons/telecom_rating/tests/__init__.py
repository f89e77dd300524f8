from . import (
    test_account_plan,
    test_bands,
    test_cut_off_warning,
    test_destination,
    test_number_test,
    test_plan_assignment,
    test_preview,
    test_price_list,
    test_rate,
    test_rate_plan,
    test_strangers,
)
