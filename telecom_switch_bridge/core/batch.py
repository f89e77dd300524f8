"""Prices of many calls at once, equal to `pricing.price_call` for each of them (a property test holds them together).

Calls go through the same walk, a run of increments at a time, side by side in numpy arrays. Tariffs of the same shape
(bands in time, step starts, increments, included, minimum and grace seconds) share the walk whatever their prices, so
the levels of a chain whose plans are mark-ups cost one walk and a multiplication each.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .bands import BLOCK_S, NEVER_S, Calendar
from .batch_tables import PriceTable, Shape, ShapeTable
from .pricing import price_from_second
from .tariff import Tariff

Int64Array = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

CHUNK_CALLS = 16_384
"""Calls walked side by side: their arrays stay within a processor's cache."""

MAX_BLOCKS = 3_000
"""Blocks of four weeks that one batch may span (230 years): a wrong instant must not fill the memory."""


class BatchCosts(NamedTuple):
    """Net costs (micro-units) and seconds charged in increments, both [level, call]."""

    cost_micro: Int64Array
    billed_s: Int64Array


class _Run(NamedTuple):
    """One run of increments of some calls: places of the calls in the chunk, step numbers, counts of increments."""

    places: IndexArray
    steps: Int64Array
    counts: Int64Array


class TariffTable:
    """Tariffs ready for batches, numbered in the order given."""

    __slots__ = ("_prices", "_shape_numbers", "_shapes", "_tariffs")

    def __init__(self, tariffs: Sequence[Tariff]) -> None:
        """Lay out prices and shapes as arrays."""
        numbers: dict[Shape, int] = {}
        shapes = [Shape.of(tariff) for tariff in tariffs]
        self._shape_numbers = np.array([numbers.setdefault(shape, len(numbers)) for shape in shapes], dtype=np.intp)
        self._shapes = [ShapeTable.of(shape) for shape in numbers]
        self._prices = PriceTable.of(tariffs)
        self._tariffs = tuple(tariffs)

    def price(self, tariff_numbers: IndexArray, starts_s: Int64Array, durations_s: Int64Array) -> BatchCosts:
        """Price calls at several levels: `tariff_numbers` is [level, call], the others [call].

        `starts_s`: second of answer since 1970 (UTC); `durations_s`: answered whole seconds.
        """
        assert tariff_numbers.ndim == 2 and tariff_numbers.shape[1] == len(starts_s) == len(durations_s)
        assert not len(durations_s) or int(durations_s.min()) >= 0
        calls = _Calls(tariff_numbers, starts_s, durations_s)
        costs = _no_costs(tariff_numbers.shape)
        for first in range(0, len(starts_s), CHUNK_CALLS):
            part = slice(first, first + CHUNK_CALLS)
            self._price_chunk(calls.of(part), BatchCosts(costs.cost_micro[:, part], costs.billed_s[:, part]))
        return costs

    def _price_chunk(self, calls: "_Calls", out: BatchCosts) -> None:
        shapes = self._shape_numbers[calls.tariffs]
        if (shapes == shapes.flat[0]).all():
            self._price_shape(self._shapes[shapes.flat[0]], calls, out)
        else:
            for number in np.unique(shapes):
                self._price_some(self._shapes[number], shapes == number, calls, out)
        unsafe = calls.durations_s > self._prices.safe_s[calls.tariffs]
        for level, place in zip(*np.nonzero(unsafe), strict=True):
            self._price_one(int(level), int(place), calls, out)

    def _price_some(self, table: ShapeTable, wanted: BoolArray, calls: "_Calls", out: BatchCosts) -> None:
        """Price the calls that have a shape at any level; keep only the levels that have it."""
        chosen = np.flatnonzero(wanted.any(axis=0))
        part = _no_costs((len(wanted), len(chosen)))
        self._price_shape(table, calls.of(chosen), part)
        levels, places = np.nonzero(wanted[:, chosen])
        out.cost_micro[levels, chosen[places]] = part.cost_micro[levels, places]
        out.billed_s[levels, chosen[places]] = part.billed_s[levels, places]

    def _price_shape(self, table: ShapeTable, calls: "_Calls", out: BatchCosts) -> None:
        charged_s = _charged_seconds(table.shape, calls.durations_s)
        stretches = _Stretches(table.shape.calendar, calls.starts_s, charged_s)
        fee_bands, _ = stretches.at(calls.starts_s)
        runs = list(_walk(table, stretches, calls.starts_s, charged_s))
        for run in runs:
            out.billed_s[:, run.places] += run.counts * table.increment_s[run.steps]
        for level, numbers in enumerate(calls.tariffs):
            numerators = self._prices.fees(numbers, fee_bands)
            for run in runs:
                numerators[run.places] += self._prices.increments(numbers[run.places], run.steps) * run.counts
            out.cost_micro[level] = np.where(charged_s > 0, self._prices.rounded(numbers, numerators), 0)

    def _price_one(self, level: int, place: int, calls: "_Calls", out: BatchCosts) -> None:
        """A call whose exact cost may not fit 64 bits goes the single way."""
        tariff = self._tariffs[calls.tariffs[level, place]]
        priced = price_from_second(tariff, int(calls.starts_s[place]), int(calls.durations_s[place]))
        out.cost_micro[level, place] = priced.cost_micro
        out.billed_s[level, place] = priced.billed_s


class _Calls(NamedTuple):
    """Calls side by side: tariff numbers [level, call], seconds of answer and answered seconds [call]."""

    tariffs: IndexArray
    starts_s: Int64Array
    durations_s: Int64Array

    def of(self, which: "slice | IndexArray") -> "_Calls":
        """Some of the calls."""
        return _Calls(self.tariffs[:, which], self.starts_s[which], self.durations_s[which])


def _no_costs(size: tuple[int, ...]) -> BatchCosts:
    return BatchCosts(np.zeros(size, np.int64), np.zeros(size, np.int64))


class _Stretches:
    """A calendar's stretches over the time that some calls can touch."""

    __slots__ = ("_bands", "_begins_s", "_ends_s", "only_band")

    def __init__(self, calendar: Calendar, starts_s: Int64Array, charged_s: Int64Array) -> None:
        self.only_band = calendar.only_band
        if self.only_band is not None:
            return
        first = int(starts_s.min()) // BLOCK_S
        last = int((starts_s + charged_s).max()) // BLOCK_S
        assert last - first < MAX_BLOCKS, "calls lie too far apart"
        blocks = [calendar.block(number) for number in range(first, last + 1)]
        self._begins_s = np.array([s for block in blocks for s in block.begins_s], dtype=np.int64)
        self._bands = np.array([band for block in blocks for band in block.bands], dtype=np.int64)
        self._ends_s = np.append(self._begins_s[1:], blocks[-1].ends_s)

    def at(self, instants_s: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Band in force at each instant, and a second until which it surely stays."""
        if self.only_band is not None:
            size = len(instants_s)
            return np.full(size, self.only_band, np.int64), np.full(size, NEVER_S, np.int64)
        places = np.searchsorted(self._begins_s, instants_s, side="right") - 1
        return self._bands[places], self._ends_s[places]


def _charged_seconds(shape: Shape, durations_s: Int64Array) -> Int64Array:
    """`pricing.charged_seconds` for many."""
    counted_s: Int64Array = np.where(durations_s > 0, np.maximum(durations_s, shape.min_duration_s), 0)
    if shape.grace_mode == "subtract":
        return np.maximum(counted_s - shape.grace_s, 0)
    if shape.grace_mode == "free_if_not_longer":
        return np.where(counted_s <= shape.grace_s, 0, counted_s)
    return counted_s


def _walk(table: ShapeTable, stretches: _Stretches, starts_s: Int64Array, charged_s: Int64Array) -> Iterator[_Run]:
    """`pricing.walk` for many: each turn takes one run of every call that is not covered yet."""
    places = np.flatnonzero(charged_s > table.shape.included_s)
    starts, ends = starts_s[places], charged_s[places]
    positions = np.full(len(places), table.shape.included_s, np.int64)
    while len(places):
        bands, band_ends_s = stretches.at(starts + positions)
        steps = table.steps_at(bands, positions)
        increments_s = table.increment_s[steps]
        run_ends = np.minimum(np.minimum(ends, table.until_s[steps]), band_ends_s - starts)
        counts = (run_ends - positions + increments_s - 1) // increments_s
        yield _Run(places, steps, counts)
        positions = positions + counts * increments_s
        left = np.flatnonzero(positions < ends)
        places, starts, ends, positions = places[left], starts[left], ends[left], positions[left]
