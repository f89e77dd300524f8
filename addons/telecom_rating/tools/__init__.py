from . import digits, plan_prices, week
