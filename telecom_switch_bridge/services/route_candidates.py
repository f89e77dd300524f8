"""Lines of a route entry as candidates of a call: currency, quality at the place, blocks, what is down."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ..core.class_of_service import DialledPlace
from ..core.rating import NO_TAX, ChargeRule, Tariff
from ..core.routing import MarginRule, RouteCandidate, RouteOrder, RoutingRule
from ..ports import Catalogue
from ..values import ACTIVE, RouteEntry, RouteLine, Trunk

PLAIN_PRIORITY = 10
"""Rank of a trunk that no route line names."""

PRESUMED_QUALITY = 100
"""Quality of a trunk of which too few calls are known."""

PROBE_SHARE = 0.05
"""Share of the calls that take no notice of quality, so that a poor trunk can be seen to be good again."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What the owner earns on the call: terms of the top level of the chain; what it keeps is without tax.

    `allow_loss`: its account or plan may lose money.
    """

    currency: str
    tariff: Tariff
    rule: ChargeRule = NO_TAX
    allow_loss: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a route entry. `place`: where the number is, None when nothing depends on it; `probes`: the call
    takes no notice of quality."""

    entry: RouteEntry
    e164: str
    at: datetime
    sale: Sale
    place: DialledPlace | None
    probes: bool


def ask(catalogue: Catalogue, entry: RouteEntry, e164: str, at: datetime, *, sale: Sale, draw: float) -> Asked:
    """The question of a call; its draw decides whether it probes."""
    place, probes = place_asked(catalogue, e164, draw)
    return Asked(entry, e164, at, sale, place, probes)


def place_asked(catalogue: Catalogue, e164: str, draw: float) -> tuple[DialledPlace | None, bool]:
    """Where the number is, None when no route depends on it; and whether the call probes."""
    place = next(iter(catalogue.dialled_places(e164)), None) if catalogue.knows_places() else None
    return place, draw < PROBE_SHARE


def usable_lines(entry: RouteEntry, catalogue: Catalogue) -> Iterator[tuple[RouteLine, Trunk]]:
    """Lines whose trunks are active, with those."""
    trunks = catalogue.trunks()
    for line in lines_of(entry, catalogue):
        if line.trunk_id in trunks:
            yield line, trunks[line.trunk_id]


def lines_of(entry: RouteEntry, catalogue: Catalogue) -> tuple[RouteLine, ...]:
    """Trunks of a route entry; an entry without any has all active ones."""
    return entry.lines or all_trunks(catalogue)


def all_trunks(catalogue: Catalogue) -> tuple[RouteLine, ...]:
    """A line for each active trunk."""
    return tuple(RouteLine(trunk_id, PLAIN_PRIORITY, weight=0) for trunk_id in catalogue.trunks())


def candidate(catalogue: Catalogue, asked: Asked, line: RouteLine, trunk: Trunk) -> RouteCandidate:
    """A line with its carrier's price; without one when what it costs cannot be held against the sale."""
    known = line_candidate(catalogue, asked, line, trunk)
    if known is None:
        return RouteCandidate(trunk.carrier_id, trunk.trunk_id, None, line.priority, line.weight)
    return replace(known, tariff=catalogue.deck_tariff(trunk.carrier_id, asked.e164, asked.at))


def line_candidate(catalogue: Catalogue, asked: Asked, line: RouteLine, trunk: Trunk) -> RouteCandidate | None:
    """A line without its price; None when its carrier is not active, or its cost cannot be held against the sale: no
    rate between the two currencies is known."""
    carrier = catalogue.carrier(trunk.carrier_id)
    if carrier is None or carrier.state != ACTIVE:
        return None
    factor_e8 = catalogue.currencies().factor_e8(carrier.currency, asked.sale.currency, asked.at)
    if factor_e8 is None:
        return None
    quality = quality_of(catalogue, asked, trunk.trunk_id)
    return RouteCandidate(
        trunk.carrier_id,
        trunk.trunk_id,
        None,
        line.priority,
        line.weight,
        quality,
        factor_e8=factor_e8,
        down=catalogue.is_down(trunk.trunk_id),
        poor=quality < asked.entry.least_quality,
        blocked=asked.place is not None and catalogue.block(trunk.carrier_id, asked.place) is not None,
    )


def quality_of(catalogue: Catalogue, asked: Asked, trunk_id: int) -> int:
    """Quality of a trunk at the place of the call; presumed where it is not known, or not looked at."""
    known = None if asked.probes else catalogue.quality(trunk_id, asked.place)
    return PRESUMED_QUALITY if known is None else known.quality


def rule_of(asked: Asked) -> RoutingRule:
    """How the entry orders its carriers for a sale."""
    entry = asked.entry
    order: RouteOrder = entry.rule  # type: ignore[assignment]  # the seam has the same words
    if entry.allow_loss or asked.sale.allow_loss:
        return RoutingRule(order, margin=None)
    absolute_micro = -(-entry.min_margin_micro * entry.expected_s // 60)  # asked per minute, held against the call
    return RoutingRule(order, MarginRule(entry.min_margin_percent_micro, absolute_micro))
