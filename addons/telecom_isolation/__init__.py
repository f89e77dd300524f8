from . import controllers, models
from .errors import hide_insides
from .hooks import post_init_hook

hide_insides()
