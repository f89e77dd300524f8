from . import test_deck_costs, test_margin
