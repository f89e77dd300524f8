from . import deck_costs
