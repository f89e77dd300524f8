from . import digits
from . import plan_prices
