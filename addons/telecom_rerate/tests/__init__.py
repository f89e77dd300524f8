from . import test_binary_rows, test_rerate, test_rerate_posting
