"""Tariff: the terms by which a call is priced. One that exists is sound: building an unsound one raises TariffError.

Fields and order of evaluation: tests/vectors/FORMAT.md. Prices are micro-units per `price_unit_s` seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from itertools import pairwise
from math import lcm
from typing import Literal, NamedTuple

from .bands import DAY_S, NEVER_S, BandShape, Calendar, TariffError, calendar_of
from .money import DECIMALS, MICRO, RoundingMethod, quantum_micro

GraceMode = Literal["free_if_not_longer", "subtract"]
MaxCostStrategy = Literal["free_after", "disconnect"]

MAX_PRICE_MICRO = 1_000_000 * MICRO
"""Highest price, fee or limit: a million units. Keeps the cost of a week's call within SQL bigint."""

MAX_SPAN_S = 7 * DAY_S
"""Longest increment, price unit, minimum, grace or included time: a week."""

MAX_STEPS = 32
MAX_BANDS = 64


@dataclass(frozen=True, slots=True)
class Step:
    """From second `from_s` of the call on: `price_micro` per `price_unit_s` s, in increments of `increment_s` s."""

    from_s: int
    price_micro: int
    price_unit_s: int
    increment_s: int


@dataclass(frozen=True, slots=True)
class Band:
    """Prices for some hours: ISO weekdays, local clock [from_s, to_s) (s of the day), perhaps one (month, day)."""

    name: str
    days: tuple[int, ...]
    from_s: int
    to_s: int
    weight: int
    month_day: tuple[int, int] | None
    connect_fee_micro: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the cost of a whole call is rounded, once; `none` is half-up at 6 decimals."""

    method: RoundingMethod = "half_up"
    decimals: int = DECIMALS


PricedStep = tuple[int, int, int, int]
"""A step ready to walk: from_s, until_s, increment_s, what one increment costs in 1/denominator micro-units.

This and the next are plain tuples because the live path unpacks them: Python does that faster than named ones.
"""

PreparedRounding = tuple[int, int, int, int]
"""(scale, addend, divisor, quantum_micro): cost in micro-units = (numerator * scale + addend) // divisor * quantum."""


class Compiled(NamedTuple):
    """What pricing needs and construction works out once."""

    calendar: Calendar
    denominator: int
    fees_micro: tuple[int, ...]
    steps: tuple[tuple[PricedStep, ...], ...]
    rounding: PreparedRounding
    plain: bool
    """No minimum, grace, floor or ceiling: most tariffs."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """All terms of one destination at one level. `included_s` elapses on the call's clock and costs only the fee."""

    timezone: str
    bands: tuple[Band, ...]
    rounding: Rounding = Rounding()
    included_s: int = 0
    min_duration_s: int = 0
    grace_s: int = 0
    grace_mode: GraceMode | None = None
    min_cost_micro: int = 0
    max_cost_micro: int | None = None
    max_cost_strategy: MaxCostStrategy | None = None
    compiled: Compiled = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check and compile; raise TariffError."""
        object.__setattr__(self, "compiled", _compile(self))
        object.__setattr__(self, "_hash", hash(tuple(getattr(self, term.name) for term in fields(self) if term.init)))

    def __hash__(self) -> int:
        """Worked out once: tariffs are looked up several times a call."""
        return self._hash


def always(connect_fee_micro: int, steps: Iterable[Step], name: str = "always") -> Band:
    """Band that is in force at every instant."""
    return Band(name, (1, 2, 3, 4, 5, 6, 7), 0, DAY_S, 10, None, connect_fee_micro, tuple(steps))


def check_tariff(tariff: Tariff) -> None:
    """Raise TariffError (message for people) for gaps, ties, and values out of range; every new Tariff passes it."""
    _check_values(tariff)
    _calendar(tariff)


def _check_values(tariff: Tariff) -> None:
    _check_limits(tariff)
    if not 1 <= len(tariff.bands) <= MAX_BANDS:
        raise TariffError(f"a tariff needs 1 to {MAX_BANDS} bands, not {len(tariff.bands)}")
    for band in tariff.bands:
        _check_band(band)
        _check_steps(band)


def _compile(tariff: Tariff) -> Compiled:
    _check_values(tariff)
    denominator = lcm(*(step.price_unit_s for band in tariff.bands for step in band.steps))
    return Compiled(
        _calendar(tariff),
        denominator,
        tuple(band.connect_fee_micro for band in tariff.bands),
        tuple(_priced_steps(band, denominator) for band in tariff.bands),
        prepared_rounding(tariff.rounding, denominator),
        not (tariff.min_duration_s or tariff.grace_s or tariff.min_cost_micro or tariff.max_cost_micro is not None),
    )


def prepared_rounding(rounding: Rounding, denominator: int) -> PreparedRounding:
    """`money.round_ratio` of charges, which are never negative, with its choices made beforehand."""
    quantum = quantum_micro(rounding.method, rounding.decimals)
    divisor = denominator * quantum
    if rounding.method == "up":
        return 1, divisor - 1, divisor, quantum
    return (1, 0, divisor, quantum) if rounding.method == "down" else (2, divisor, 2 * divisor, quantum)


def _calendar(tariff: Tariff) -> Calendar:
    shapes = tuple(BandShape(b.days, b.from_s, b.to_s, b.weight, b.month_day) for b in tariff.bands)
    return calendar_of(tariff.timezone, shapes)


def _priced_steps(band: Band, denominator: int) -> tuple[PricedStep, ...]:
    ends = [step.from_s for step in band.steps[1:]] + [NEVER_S]
    return tuple(
        (s.from_s, end, s.increment_s, s.price_micro * s.increment_s * (denominator // s.price_unit_s))
        for s, end in zip(band.steps, ends, strict=True)
    )


def _check_limits(tariff: Tariff) -> None:
    if tariff.rounding.method not in ("half_up", "up", "down", "none"):
        raise TariffError(f"unknown rounding method {tariff.rounding.method!r}")
    if tariff.rounding.method != "none":
        _in_range("rounding decimals", tariff.rounding.decimals, 0, DECIMALS)
    for name in ("included_s", "min_duration_s", "grace_s"):
        _in_range(name, getattr(tariff, name), 0, MAX_SPAN_S)
    if tariff.grace_mode not in ("free_if_not_longer", "subtract", None):
        raise TariffError(f"unknown grace mode {tariff.grace_mode!r}")
    if tariff.grace_s and tariff.grace_mode is None:
        raise TariffError("grace_s needs a grace_mode: free_if_not_longer or subtract")
    _in_range("min_cost", tariff.min_cost_micro, 0, MAX_PRICE_MICRO)
    if tariff.max_cost_micro is None:
        return
    _in_range("max_cost", tariff.max_cost_micro, 0, MAX_PRICE_MICRO)
    if tariff.max_cost_strategy not in ("free_after", "disconnect"):
        raise TariffError("max_cost needs a max_cost_strategy: free_after or disconnect")


def _check_band(band: Band) -> None:
    if not band.days or not set(band.days) <= set(range(1, 8)):
        raise TariffError(f"band {band.name!r}: days are ISO weekdays 1 to 7, not {list(band.days)}")
    if not 0 <= band.from_s < band.to_s <= DAY_S:
        raise TariffError(f"band {band.name!r}: it must begin before it ends, on one local day; split it at midnight")
    if band.month_day is not None:
        _check_date(band.name, band.month_day)
    _in_range(f"band {band.name!r}: connect fee", band.connect_fee_micro, 0, MAX_PRICE_MICRO)


def _check_date(name: str, month_day: tuple[int, int]) -> None:
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if len(month_day) != 2 or not 1 <= month_day[0] <= 12 or not 1 <= month_day[1] <= lengths[month_day[0] - 1]:
        raise TariffError(f"band {name!r}: {list(month_day)} is not a [month, day] of any year")


def _check_steps(band: Band) -> None:
    starts = [step.from_s for step in band.steps]
    if not 1 <= len(starts) <= MAX_STEPS or starts[0] != 0:
        raise TariffError(f"band {band.name!r}: it needs 1 to {MAX_STEPS} steps, the first from second 0")
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise TariffError(f"band {band.name!r}: its steps must begin one after the other, not at {starts}")
    for step in band.steps:
        where = f"band {band.name!r}, step from {step.from_s} s"
        _in_range(f"{where}: price", step.price_micro, 0, MAX_PRICE_MICRO)
        _in_range(f"{where}: price_unit_s", step.price_unit_s, 1, MAX_SPAN_S)
        _in_range(f"{where}: increment_s", step.increment_s, 1, MAX_SPAN_S)


def _in_range(name: str, value: int, lowest: int, highest: int) -> None:
    if type(value) is not int or not lowest <= value <= highest:
        raise TariffError(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}")
