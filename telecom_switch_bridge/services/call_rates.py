"""New calls per second of accounts and trunks: token buckets of this bridge, in bounded memory.

The limit holds at each node: two nodes let through twice as many. A bucket holds one second's worth, so that many
calls may begin at once; it starts full, also after a restart. Internal and emergency calls take nothing from it.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from ..ports import CallTerms, Catalogue, Decision, PlannedRoute, Reason, Refused
from ..values import Account
from .limits import INTERNAL, levels_above, trunk_name

MAX_BUCKETS = 10_000
"""Buckets kept; the one that was asked longest ago goes first, and by then it is most likely full again."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class CallRates:
    """Buckets by name. Rates are whole calls per second, 1 and more."""

    def __init__(self, most_kept: int = MAX_BUCKETS) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._most_kept = most_kept

    def __len__(self) -> int:
        return len(self._buckets)

    def allows(self, name: str, per_s: int | None, now: datetime) -> bool:
        """Whether one more call may begin now; takes nothing."""
        return per_s is None or self._filled(name, per_s, now).left >= 1

    def spend(self, name: str, per_s: int | None, now: datetime) -> None:
        """Take one call; a bucket that is empty owes it and waits longer."""
        if per_s is not None:
            self._filled(name, per_s, now).left -= 1

    def _filled(self, name: str, per_s: int, now: datetime) -> _Bucket:
        """The bucket as of now; a clock that was set back fills nothing."""
        bucket = self._buckets.setdefault(name, _Bucket(per_s, now))
        self._buckets.move_to_end(name)
        bucket.left = min(per_s, bucket.left + per_s * max(0.0, (now - bucket.at).total_seconds()))
        bucket.at = now
        while len(self._buckets) > self._most_kept:
            self._buckets.popitem(last=False)
        return bucket


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in force at the moment of a question, and what this bridge has begun so far.

    A service that is given no `rates` (in tests) takes empty ones for each question: no call is too soon then.
    """

    catalogue: Catalogue
    rates: CallRates
    now: datetime

    def begin(self, terms: CallTerms) -> CallTerms | Refused:
        """Take one call from every payer and from the first trunk that may begin one; routes before it are left out."""
        if terms.direction == INTERNAL or terms.decision is Decision.EMERGENCY:
            return terms
        levels = self._limited(terms.account_id)
        for name, level in levels:
            if not self.rates.allows(name, level.max_calls_per_second, self.now):
                detail = f"account {level.number}: {level.max_calls_per_second} new calls per second"
                return Refused(Reason.TOO_MANY_CALLS, detail)
        routes = tuple([route for route in terms.routes if self._may_begin(route)])
        if terms.routes and not routes:
            return Refused(Reason.NO_ROUTE, "every trunk has begun its calls of this second")
        for name, level in levels:
            self.rates.spend(name, level.max_calls_per_second, self.now)
        self._spend_first(routes)
        return terms if len(routes) == len(terms.routes) else replace(terms, routes=routes)

    def went(self, planned: CallTerms, allowed: CallTerms) -> None:
        """Take one call from the trunk that the call really begins on, when the first one was full."""
        if [route.trunk_id for route in planned.routes[:1]] != [route.trunk_id for route in allowed.routes[:1]]:
            self._spend_first(allowed.routes)

    def _limited(self, account_id: int | None) -> tuple[tuple[str, Account], ...]:
        """Payers that have a limit, by the names of their buckets; the same for all calls of an account."""

        def made() -> tuple[tuple[str, Account], ...]:
            levels = levels_above(self.catalogue, account_id)
            return tuple((f"account:{one.account_id}", one) for one in levels if one.max_calls_per_second is not None)

        found: tuple[tuple[str, Account], ...] = self.catalogue.keep(("per_second", account_id), made)
        return found

    def _spend_first(self, routes: tuple[PlannedRoute, ...]) -> None:
        for trunk_id in (route.trunk_id for route in routes[:1]):
            per_s = None if trunk_id is None else self._per_second(trunk_id)
            if trunk_id is not None and per_s is not None:
                self.rates.spend(trunk_name(trunk_id), per_s, self.now)

    def _may_begin(self, route: PlannedRoute) -> bool:
        per_s = None if route.trunk_id is None else self._per_second(route.trunk_id)
        return route.trunk_id is None or per_s is None or self.rates.allows(trunk_name(route.trunk_id), per_s, self.now)

    def _per_second(self, trunk_id: int) -> int | None:
        trunk = self.catalogue.trunks().get(trunk_id)
        return trunk.max_calls_per_second if trunk else None
