from . import digits, plan_prices
