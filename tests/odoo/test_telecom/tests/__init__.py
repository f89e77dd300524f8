from . import test_demo, test_isolation, test_prices_at_every_level
