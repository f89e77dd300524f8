from . import test_carrier, test_deck_rate, test_route, test_strangers, test_trunk
