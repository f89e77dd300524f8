from . import test_amounts, test_billing_account, test_numbering_plan, test_strangers, test_tenant
