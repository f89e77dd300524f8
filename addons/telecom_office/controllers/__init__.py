from . import office, portal
