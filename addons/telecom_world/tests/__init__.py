from . import test_digit_patterns, test_load, test_world
