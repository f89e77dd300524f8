from . import test_carrier, test_deck_rate, test_route, test_strangers, test_trunk, test_trunk_link, test_trunk_numbers
