from . import test_rerate, test_rerate_costs, test_rerate_included, test_rerate_posting
