from . import office, portal, prices
