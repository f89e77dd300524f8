"""Who calls whom, when, and how it would go: drawn from a seed, without prices, money or database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from .numbers import contact
from .shape import slots, weight

SEED = "meridian"
DAYS = 30

Kind = Literal["outbound", "inbound", "internal"]
Fate = Literal["answered", "busy", "no_answer", "cancelled", "unallocated"]
FATES: tuple[tuple[Fate, int], ...] = (
    ("answered", 64), ("busy", 8), ("no_answer", 14), ("cancelled", 11), ("unallocated", 3)
)  # fmt: skip
TALK_S = {"business": (4.9, 0.9), "residential": (5.2, 1.1)}
"""Mean and deviation of the logarithm of a conversation's seconds: 134 s and 181 s in the middle."""

LONGEST_TALK_S = 5400
INTERNAL_SHARE = 0.06
"""Of what a business with several telephones dials."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer of the story. `phones`: its telephones' endpoints; `extensions` in the same order."""

    key: str
    kind: str
    country: str
    tz: str
    calls_a_day: float
    inbound_a_day: float
    phones: tuple[str, ...]
    extensions: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call: `other` is the number called, the caller's number of an inbound call, or an extension.

    `ring_s`: until the called party does what `fate` says; `chance`: from 0 to 1, decides whether carriers fail.
    """

    place: int
    at: datetime
    kind: Kind
    caller: Caller
    phone: str
    other: str
    fate: Fate
    ring_s: float
    talk_s: float
    chance: tuple[float, float, float]


Habits = Mapping[tuple[str, str], Sequence[tuple[str, int]]]
"""(country, kind) -> destinations and how much each is called."""


Moment = tuple[datetime, Kind, Caller, int]
"""When a customer calls or is called, and its how manieth call that is."""


def plan_month(callers: Sequence[Caller], habits: Habits, end: datetime, *, scale: float = 1.0) -> list[PlannedCall]:
    """All calls of the month before `end` (aware UTC), in order of time. `scale`: so many times the calls."""
    hours = slots(end, DAYS)
    drawn: list[Moment] = []
    for caller in callers:
        for kind, a_day in (("outbound", caller.calls_a_day), ("inbound", caller.inbound_a_day)):
            drawn += _moments(caller, kind, round(a_day * DAYS * scale), hours)  # type: ignore[arg-type]
    drawn.sort(key=lambda one: (one[0], one[2].key, one[1], one[3]))
    return [_call(place, one, habits) for place, one in enumerate(drawn)]


def _moments(
    caller: Caller, kind: Kind, count: int, hours: Sequence[datetime]
) -> list[tuple[datetime, Kind, Caller, int]]:
    """`count` moments of one customer, by the shape of its hours and days."""
    draw = Random(f"{SEED}/{caller.key}/{kind}")  # noqa: S311
    weights = [weight(caller.kind, hour, caller.tz) for hour in hours]
    chosen = draw.choices(hours, weights, k=count)
    return [(hour + timedelta(seconds=draw.randrange(3600)), kind, caller, i) for i, hour in enumerate(chosen)]


def _call(place: int, moment: Moment, habits: Habits) -> PlannedCall:
    at, kind, caller, number = moment
    draw = Random(f"{SEED}/{caller.key}/{kind}/{number}")  # noqa: S311
    phone = draw.randrange(len(caller.phones))
    if kind == "outbound" and len(caller.phones) > 1 and draw.random() < INTERNAL_SHARE:
        kind = "internal"
    if kind == "internal":
        other = draw.choice([one for one in caller.extensions if one != caller.extensions[phone]])
    else:
        names, shares = zip(*habits[caller.country, caller.kind], strict=True)
        other = contact(draw, caller.key, draw.choices(names, shares)[0])
    fate = draw.choices([one for one, _ in FATES], [share for _, share in FATES])[0]
    if kind != "outbound" and fate == "unallocated":
        fate = "answered"
    talk_s = min(LONGEST_TALK_S, draw.lognormvariate(*TALK_S[caller.kind]))
    ring_s = 45.0 if fate == "no_answer" else 1.0 if fate == "unallocated" else draw.uniform(3, 16)
    chance = (draw.random(), draw.random(), draw.random())
    return PlannedCall(place, at, kind, caller, caller.phones[phone], other, fate, ring_s, talk_s, chance)
