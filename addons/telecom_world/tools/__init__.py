from . import digit_patterns, world
