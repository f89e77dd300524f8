from . import test_common_rows, test_errors, test_signup
