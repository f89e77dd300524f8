from . import test_spend_limit
