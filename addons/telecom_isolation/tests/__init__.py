from . import test_errors
