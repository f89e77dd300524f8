"""Classes of service: which numbers outside may be called, down to one number.

The rule that fits a number most closely decides: the single number, then the longest prefix (a destination fits by its
prefix that the number has), then a set of destinations (group, country, network type), then what the class says of all
other calls. Where two rules fit equally closely, the one that blocks decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Hours = Literal["always", "open", "closed"]
"""When a rule holds: always, or only within or outside of the class's opening hours."""

Kind = Literal["number", "prefix", "destination", "group", "country", "network_type"]

NUMBER_CLOSENESS = 99
"""A single number fits more closely than any prefix."""

SET_CLOSENESS = 0
"""A set of destinations fits less closely than any prefix."""


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """Allows or blocks what `kind` says; the field of that kind is set. `digits`: E.164 of a number, or a prefix."""

    rule_id: int
    allows: bool
    hours: Hours
    kind: Kind
    digits: str | None = None
    destination_id: int | None = None
    group_id: int | None = None
    country: str | None = None
    network_type: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Days (1 = Monday) and seconds of the day, on the clock of a time zone, that count as open."""

    timezone: str = "UTC"
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    from_s: int = 0
    to_s: int = 86_400

    def holds(self, at: datetime) -> bool:
        """True within the opening hours. Hours that end before they begin run past midnight; they count by the day
        on which they begin."""
        local = at.astimezone(ZoneInfo(self.timezone))
        day, second = local.isoweekday(), local.hour * 3600 + local.minute * 60 + local.second
        if self.from_s <= self.to_s:
            return day in self.days and self.from_s <= second < self.to_s
        yesterday = (day - 2) % 7 + 1
        return (day in self.days and second >= self.from_s) or (yesterday in self.days and second < self.to_s)


@dataclass(frozen=True, slots=True)
class DialledPlace:
    """A destination that a number has, and the length of the prefix by which it has it."""

    destination_id: int
    group_id: int | None
    country: str | None
    network_type: str | None
    prefix_length: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rule` None: what the class says of all other calls decided."""

    allows: bool
    rule: ServiceRule | None


@dataclass(frozen=True)
class ServiceClass:
    """A class with its rules; unchanging, so that they are sorted once."""

    class_id: int
    name: str
    allows_others: bool
    opening: Opening
    rules: tuple[ServiceRule, ...] = ()
    _by_key: dict[tuple[str, object], list[ServiceRule]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, object], list[ServiceRule]] = {}
        for rule in self.rules:
            key = rule.digits if rule.kind in ("number", "prefix") else getattr(rule, _FIELDS[rule.kind])
            found.setdefault((rule.kind, key), []).append(rule)
        object.__setattr__(self, "_by_key", found)

    def judge(self, e164: str, places: Iterable[DialledPlace], at: datetime) -> Verdict:
        """May a number be called at an instant? `places`: its destinations, longest prefix first; the first one has
        its group, country and network type."""
        fitting = [(close, rule) for close, rule in self._fitting(e164, places) if self._holds(rule, at)]
        if not fitting:
            return Verdict(self.allows_others, None)
        _, rule = max(fitting, key=lambda found: (found[0], not found[1].allows, -found[1].rule_id))
        return Verdict(rule.allows, rule)

    def _holds(self, rule: ServiceRule, at: datetime) -> bool:
        return rule.hours == "always" or (rule.hours == "open") == self.opening.holds(at)

    def _fitting(self, e164: str, places: Iterable[DialledPlace]) -> Iterator[tuple[int, ServiceRule]]:
        yield from ((NUMBER_CLOSENESS, rule) for rule in self._by_key.get(("number", e164), ()))
        for length in range(1, len(e164) + 1):
            yield from ((length, rule) for rule in self._by_key.get(("prefix", e164[:length]), ()))
        for count, place in enumerate(places):
            found = self._by_key.get(("destination", place.destination_id), ())
            yield from ((place.prefix_length, rule) for rule in found)
            if count == 0:
                for kind in _SETS:
                    key = (kind, getattr(place, _FIELDS[kind]))
                    yield from ((SET_CLOSENESS, rule) for rule in self._by_key.get(key, ()))


_FIELDS = {
    "destination": "destination_id",
    "group": "group_id",
    "country": "country",
    "network_type": "network_type",
}
_SETS = ("group", "country", "network_type")
