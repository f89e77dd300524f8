from . import (
    test_amounts,
    test_billing_account,
    test_binary_rows,
    test_companies_ticked,
    test_limits,
    test_numbering_plan,
    test_strangers,
    test_taxes,
    test_tenant,
)
