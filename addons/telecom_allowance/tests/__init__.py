from . import test_allowance, test_give, test_months, test_strangers
