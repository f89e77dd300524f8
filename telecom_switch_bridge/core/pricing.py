"""What a call costs: the walk over a tariff, exact, and rounded once.

Order of evaluation: tests/vectors/FORMAT.md; charging.md 2, 3 and 8. A cost is an integer numerator over the tariff's
denominator (least common multiple of its price units). Runs of equal increments are taken in one jump, so that the
time to price a call grows with the bands and steps that it crosses and not with its seconds.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from math import floor
from typing import Literal, NamedTuple

from .money import MICRO
from .tariff import Compiled, Tariff

Bound = Literal["min_cost", "max_cost"]


class Segment(NamedTuple):
    """Part of a call at one step of one band: exact cost is `numerator` / the call's denominator, micro-units.

    `from_s` is its first second on the call's clock, `seconds` what its whole increments cover.
    """

    band_index: int
    step_index: int
    from_s: int
    seconds: int
    increments: int
    numerator: int


class PricedCall(NamedTuple):
    """Net cost of a call: rounded, and exactly as numerator/denominator (micro-units) after floor and ceiling.

    `billed_s` is the seconds charged in increments, `charged_s` what counts of the call after minimum and grace.
    `bound` tells which of min_cost and max_cost decided, if any; if none, the connect fee and the segments add up to
    the exact cost.
    """

    cost_micro: int
    billed_s: int
    connect_fee_micro: int
    numerator: int
    denominator: int
    bound: Bound | None
    tariff: Tariff
    start_s: int
    charged_s: int

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Priced parts, a new one wherever band or step changes; worked out when asked for."""
        return segments_of(self.tariff, self.start_s, self.charged_s)


_new_tuple = tuple.__new__


def answered_seconds(duration_us: int, rule: Literal["up", "nearest", "down"] = "up") -> int:
    """Whole seconds of an answered leg (microseconds): the only place where seconds are made (charging.md 8)."""
    assert duration_us >= 0
    if rule == "up":
        return -(-duration_us // MICRO)
    return (duration_us + MICRO // 2) // MICRO if rule == "nearest" else duration_us // MICRO


def price_call(tariff: Tariff, answered_at: datetime, duration_s: int) -> PricedCall:
    """Price one call of `duration_s` answered whole seconds that was answered at an aware instant."""
    return price_from_second(tariff, instant_s(answered_at), duration_s)


def instant_s(instant: datetime) -> int:
    """Whole second (since 1970, UTC) in which an aware instant lies."""
    assert instant.tzinfo is not None, "instants are aware"
    return floor(instant.timestamp())


def price_from_second(tariff: Tariff, start_s: int, duration_s: int) -> PricedCall:
    """`price_call` for a call answered in second `start_s` (since 1970, UTC).

    The live path: `walk` written out, with the band looked up again only when it has ended.
    """
    calendar, denominator, fees_micro, all_steps, rounding, plain = tariff.compiled
    charged_s = duration_s if plain else charged_seconds(tariff, duration_s)
    if charged_s <= 0:
        assert duration_s >= 0
        return PricedCall(0, 0, 0, 0, denominator, None, tariff, start_s, 0)
    band, band_ends_s = calendar.at(start_s)
    fee_micro = fees_micro[band]
    numerator = fee_micro * denominator
    bound: Bound | None = None
    position_s = tariff.included_s
    while position_s < charged_s:
        if start_s + position_s >= band_ends_s:
            band, band_ends_s = calendar.at(start_s + position_s)
        for _, step_ends_s, increment_s, increment_numerator in all_steps[band]:  # noqa: B007  used after
            if step_ends_s > position_s:
                break
        run_ends_s = band_ends_s - start_s
        if step_ends_s < run_ends_s:  # noqa: PLR1730  min() would take a sixth of this function's time
            run_ends_s = step_ends_s
        if charged_s < run_ends_s:  # noqa: PLR1730
            run_ends_s = charged_s
        count = (run_ends_s - position_s + increment_s - 1) // increment_s  # an increment begun is an increment paid
        numerator += count * increment_numerator
        position_s += count * increment_s
    if not plain:
        numerator, bound = _bounded(tariff, numerator, denominator)
    scale, addend, divisor, quantum = rounding
    cost_micro = (numerator * scale + addend) // divisor * quantum
    billed_s = position_s - tariff.included_s
    priced = (cost_micro, billed_s, fee_micro, numerator, denominator, bound, tariff, start_s, charged_s)
    return _new_tuple(PricedCall, priced)  # PricedCall(...) would take half as long again


def price_remembered(tariff: Tariff, answered_at: datetime, duration_s: int) -> PricedCall:
    """`price_call` for what is asked again and again: costs of grants and of expected calls."""
    if tariff.compiled.calendar.only_band is None:
        return price_call(tariff, answered_at, duration_s)
    return timeless(tariff, duration_s)


def cost_micro(tariff: Tariff, answered_at: datetime, duration_s: int) -> int:
    """Net cost of `price_remembered`, before taxes."""
    return price_remembered(tariff, answered_at, duration_s).cost_micro


@lru_cache(maxsize=65_536)
def timeless(tariff: Tariff, duration_s: int) -> PricedCall:
    """`price_call` by a tariff with one band at all times, whenever the call is answered."""
    assert tariff.compiled.calendar.only_band is not None
    return price_from_second(tariff, 0, duration_s)


def segments_of(tariff: Tariff, start_s: int, charged_s: int) -> tuple[Segment, ...]:
    """Parts of a call by band and step; runs that the calendar only seemed to part are joined."""
    segments: list[Segment] = []
    if charged_s == 0:
        return ()
    for segment in walk(tariff.compiled, start_s, tariff.included_s, charged_s):
        if segments and segments[-1][:2] == segment[:2]:
            segments.append(_joined(segments.pop(), segment))
        else:
            segments.append(segment)
    return tuple(segments)


def charged_seconds(tariff: Tariff, duration_s: int) -> int:
    """Seconds that count after minimum and grace time; 0 means free (FORMAT.md, order 1 to 3)."""
    assert duration_s >= 0
    if duration_s == 0:
        return 0
    counted_s = max(duration_s, tariff.min_duration_s)
    if tariff.grace_mode == "subtract":
        return max(0, counted_s - tariff.grace_s)
    if tariff.grace_mode == "free_if_not_longer" and counted_s <= tariff.grace_s:
        return 0
    return counted_s


def walk(compiled: Compiled, start_s: int, from_s: int, to_s: int) -> Iterator[Segment]:
    """Runs of equal increments from second `from_s` of the call until `to_s` is covered (FORMAT.md, order 6).

    Band and step are looked up where a run begins; the run lasts while its increments begin inside both.
    """
    position_s = from_s
    while position_s < to_s:
        band_index, band_ends_s = compiled.calendar.at(start_s + position_s)
        steps = compiled.steps[band_index]
        step_index = 0
        while steps[step_index][1] <= position_s:
            step_index += 1
        _, step_ends_s, increment_s, increment_numerator = steps[step_index]
        run_ends_s = min(to_s, step_ends_s, band_ends_s - start_s)
        count = -(-(run_ends_s - position_s) // increment_s)  # an increment begun is an increment paid
        seconds = count * increment_s
        yield Segment(band_index, step_index, position_s, seconds, count, count * increment_numerator)
        position_s += seconds


def _joined(first: Segment, second: Segment) -> Segment:
    return first._replace(
        seconds=first.seconds + second.seconds,
        increments=first.increments + second.increments,
        numerator=first.numerator + second.numerator,
    )


def _bounded(tariff: Tariff, numerator: int, denominator: int) -> tuple[int, Bound | None]:
    """Floor, then ceiling, on the exact cost (FORMAT.md, order 7)."""
    bound: Bound | None = None
    floor_numerator = tariff.min_cost_micro * denominator
    if numerator < floor_numerator:
        numerator, bound = floor_numerator, "min_cost"
    if tariff.max_cost_strategy == "free_after" and tariff.max_cost_micro is not None:
        ceiling_numerator = tariff.max_cost_micro * denominator
        if numerator > ceiling_numerator:
            numerator, bound = ceiling_numerator, "max_cost"
    return numerator, bound
