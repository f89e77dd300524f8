from . import teller, watch, watched
