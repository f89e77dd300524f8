from . import telecom_owner_mixin  # first: carriers and routes inherit it

# isort: split
from . import (
    allow_loss,
    telecom_carrier,
    telecom_deck_rate,
    telecom_route,
    telecom_route_line,
    telecom_trunk,
    telecom_trunk_rules,
)
