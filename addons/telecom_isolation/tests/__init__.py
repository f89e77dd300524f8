from . import test_errors, test_signup
