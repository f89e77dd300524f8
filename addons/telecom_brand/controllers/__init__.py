from . import brand, debrand, home
