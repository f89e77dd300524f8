from . import test_rerate, test_rerate_posting
