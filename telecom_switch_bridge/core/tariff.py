"""Tariff: the terms by which a call is priced. One that exists is sound: building an unsound one raises TariffError.

Fields and order of evaluation: tests/vectors/FORMAT.md. Prices are micro-units per `price_unit_s` seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from math import lcm
from typing import Literal, NamedTuple

from .bands import DAY_S, NEVER_S, BandShape, Calendar, LocalDate, TariffError, calendar_of, date_text
from .money import DECIMALS, MICRO, RoundingMethod, quantum_micro

GraceMode = Literal["free_if_not_longer", "subtract"]
MaxCostStrategy = Literal["free_after", "disconnect"]

MAX_PRICE_MICRO = 1_000_000 * MICRO
"""Highest price, fee or limit: a million units. Keeps the cost of a week's call within SQL bigint."""

MAX_SPAN_S = 7 * DAY_S
"""Longest increment, price unit, minimum, grace or included time: a week."""

MAX_STEPS = 32
MAX_BANDS = 64
MAX_DATES = 1_000
"""Dates of one band: holidays of many years."""

LONGEST_CALL_DAYS = 30
"""No call lasts longer; the switch ends them long before."""


@dataclass(frozen=True, slots=True)
class Step:
    """From second `from_s` of the call on: `price_micro` per `price_unit_s` s, in increments of `increment_s` s."""

    from_s: int
    price_micro: int
    price_unit_s: int
    increment_s: int


@dataclass(frozen=True, slots=True)
class Band:
    """Prices for some hours: ISO weekdays, local clock [from_s, to_s) (s of the day), perhaps on some dates only.

    `month_day`: one date of every year; `dates`: (year, month, day) of a holiday calendar, year 0: every year.
    """

    name: str
    days: tuple[int, ...]
    from_s: int
    to_s: int
    weight: int
    month_day: tuple[int, int] | None
    connect_fee_micro: int
    steps: tuple[Step, ...]
    dates: tuple[LocalDate, ...] | None = None


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


ALWAYS = "always"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def always(connect_fee_micro: int, steps: Iterable[Step], name: str = ALWAYS) -> Band:
    """Band that is in force at every instant."""
    return Band(name, (1, 2, 3, 4, 5, 6, 7), 0, DAY_S, 10, None, connect_fee_micro, tuple(steps))


def hours_text(band: Band) -> str:
    """When a band holds, in words: Mon Tue 08:00-18:00."""
    days = " ".join(WEEKDAYS[day - 1] for day in band.days) if len(band.days) < 7 else "every day"
    dates = [(0, *band.month_day)] if band.month_day else band.dates
    if dates is None:
        return f"{days} {_clock(band.from_s)}-{_clock(band.to_s)}"
    on = date_text(dates[0]) if len(dates) == 1 else f"{len(dates)} dates"
    return f"{days} {_clock(band.from_s)}-{_clock(band.to_s)}, on {on}"


def _clock(second: int) -> str:
    hours, rest = divmod(second, 3600)
    clock = f"{hours:02d}:{rest // 60:02d}"
    return f"{clock}:{rest % 60:02d}" if rest % 60 else clock


def with_dates_near(tariff: Tariff, at: datetime) -> Tariff:
    """The same prices for a call that begins at `at`, without the holidays that it cannot reach.

    Kept with each authorisation; a calendar of many years would travel with every call.
    """
    if all(band.dates is None for band in tariff.bands):
        return tariff
    return _with_dates_of(tariff, at.date())


@lru_cache(maxsize=4096)
def _with_dates_of(tariff: Tariff, day: date) -> Tariff:
    first, last = day - timedelta(days=1), day + timedelta(days=LONGEST_CALL_DAYS)  # a day's grace: UTC to local
    return replace(tariff, bands=tuple(_with_dates_between(band, first, last) for band in tariff.bands))


def _with_dates_between(band: Band, first: date, last: date) -> Band:
    if band.dates is None:
        return band
    ends = (first.isoformat(), last.isoformat())
    return replace(band, dates=tuple(day for day in band.dates if not day[0] or ends[0] <= date_text(day) <= ends[1]))


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
    shapes = tuple(BandShape(b.days, b.from_s, b.to_s, b.weight, b.month_day, b.dates) for b in tariff.bands)
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
    if band.dates is not None:
        _check_dates(band.name, band.month_day, band.dates)
    _in_range(f"band {band.name!r}: connect fee", band.connect_fee_micro, 0, MAX_PRICE_MICRO)


def _check_date(name: str, month_day: tuple[int, int]) -> None:
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if len(month_day) != 2 or not 1 <= month_day[0] <= 12 or not 1 <= month_day[1] <= lengths[month_day[0] - 1]:
        raise TariffError(f"band {name!r}: {list(month_day)} is not a [month, day] of any year")


def _check_dates(name: str, month_day: tuple[int, int] | None, dates: tuple[LocalDate, ...]) -> None:
    if month_day is not None or len(dates) > MAX_DATES:
        raise TariffError(f"band {name!r}: give it a month and day, or at most {MAX_DATES} dates, not both")
    for day in dates:
        try:
            date(day[0] or 2000, *day[1:])  # 2000: a leap year
        except (TypeError, ValueError) as error:
            raise TariffError(f"band {name!r}: {list(day)} is not a date [year, month, day]") from error


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
