"""What the trail watches. An addon with prices, limits or permissions of its own adds to it by `add` in its model file
and calls `telecom.audit.line._start_watching()` in its `init`.
"""

from .watch import Watch
from .watched_business import CARRIERS, CUSTOMERS, PRICES
from .watched_limits import LIMITS
from .watched_people import PEOPLE, RULES
from .watched_services import SERVICES

WATCHES = {watch.table: watch for watch in (*PRICES, *CUSTOMERS, *CARRIERS, *SERVICES, *LIMITS, *PEOPLE, *RULES)}
MODELS = {watch.model for watch in WATCHES.values()} | {"res.groups", "res.company"}
"""Models whose writing changes a watched table: who does it is told to the database before."""


def add(*watches: Watch) -> None:
    """Let the trail watch further tables, of addons above this one."""
    WATCHES.update({watch.table: watch for watch in watches})
    MODELS.update(watch.model for watch in watches)
