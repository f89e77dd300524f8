"""Tariffs as arrays, for `batch`: shapes (what decides a walk) and prices (what a walk costs)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from .bands import Calendar
from .tariff import Tariff

Int64Array = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]

SAFE = 1 << 60
"""Largest exact value that a batch computes: doubled for half-up, and with the addend, it still fits 64 bits."""


class Shape(NamedTuple):
    """What decides the walk: calendar, (from_s, until_s, increment_s) of each band's steps, times before charging."""

    calendar: Calendar
    steps: tuple[tuple[tuple[int, int, int], ...], ...]
    included_s: int
    min_duration_s: int
    grace_s: int
    grace_mode: str | None

    @classmethod
    def of(cls, tariff: Tariff) -> Self:
        """Shape of a tariff; tariffs with equal bands in time share their calendar object."""
        steps = tuple(tuple(step[:3] for step in band) for band in tariff.compiled.steps)
        calendar = tariff.compiled.calendar
        return cls(calendar, steps, tariff.included_s, tariff.min_duration_s, tariff.grace_s, tariff.grace_mode)


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """A shape as arrays; steps are numbered through all bands, `first_step[band]` is a band's first."""

    shape: Shape
    first_step: Int64Array
    until_s: Int64Array
    increment_s: Int64Array
    most_steps: int

    @classmethod
    def of(cls, shape: Shape) -> Self:
        """Lay a shape out."""
        counts = [len(band) for band in shape.steps]
        flat = np.array([step for band in shape.steps for step in band], dtype=np.int64)
        first_step = np.cumsum([0, *counts[:-1]], dtype=np.int64)
        return cls(shape, first_step, flat[:, 1].copy(), flat[:, 2].copy(), max(counts))

    def steps_at(self, bands: Int64Array, positions_s: Int64Array) -> Int64Array:
        """Step number in force for each call, by its band and its position on the call's clock."""
        steps = self.first_step[bands]
        for _ in range(self.most_steps - 1):  # the last step of a band never ends
            steps += self.until_s[steps] <= positions_s
        return steps


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by tariff number. A call longer than `safe_s` of its tariff does not fit 64 bits."""

    _increments: Int64Array
    _steps_width: int
    _fees: Int64Array
    _fees_width: int
    _floor: Int64Array
    _ceiling: Int64Array
    _scale: Int64Array
    _addend: Int64Array
    _divisor: Int64Array
    _quantum_micro: Int64Array
    safe_s: Int64Array

    @classmethod
    def of(cls, tariffs: Sequence[Tariff]) -> Self:
        """Lay prices out; a tariff that can never fit gets zeros and safe_s = 0."""
        sized = [(tariff, _safe_seconds(tariff)) for tariff in tariffs]
        increments = _padded([_increments(t) if safe else (0,) * len(_increments(t)) for t, safe in sized])
        fees = _padded([_fees(t) if safe else (0,) * len(t.bands) for t, safe in sized])
        limits = np.array([_limits(t) if safe else (0, 0) for t, safe in sized], np.int64).reshape(-1, 2)
        rounding = np.array([t.compiled.rounding if safe else (1, 0, 1, 1) for t, safe in sized], np.int64).reshape(
            -1, 4
        )
        return cls(
            increments.ravel(),
            increments.shape[1],
            fees.ravel(),
            fees.shape[1],
            limits[:, 0].copy(),
            limits[:, 1].copy(),
            rounding[:, 0].copy(),
            rounding[:, 1].copy(),
            rounding[:, 2].copy(),
            rounding[:, 3].copy(),
            np.array([safe for _, safe in sized], np.int64),
        )

    def fees(self, tariffs: IndexArray, bands: Int64Array) -> Int64Array:
        """Connect fees as numerators."""
        return self._fees.take(tariffs * self._fees_width + bands)

    def increments(self, tariffs: IndexArray, steps: Int64Array) -> Int64Array:
        """Prices of one increment as numerators."""
        return self._increments.take(tariffs * self._steps_width + steps)

    def rounded(self, tariffs: IndexArray, numerators: Int64Array) -> Int64Array:
        """Costs (micro-units) of exact numerators: floor, ceiling, and the plan's rounding, once."""
        bounded = np.minimum(np.maximum(numerators, self._floor[tariffs]), self._ceiling[tariffs])
        counts = (bounded * self._scale[tariffs] + self._addend[tariffs]) // self._divisor[tariffs]
        return np.asarray(counts * self._quantum_micro[tariffs], dtype=np.int64)


def _safe_seconds(tariff: Tariff) -> int:
    """Longest call whose numerator, however it falls, stays within SAFE; 0 if even the shortest may not."""
    compiled = tariff.compiled
    steps = [step for band in compiled.steps for step in band]
    per_second = max(-(-increment // increment_s) for *_, increment_s, increment in steps)
    lump = max(_increments(tariff)) + max(_fees(tariff)) + _limits(tariff)[0]
    lump += compiled.rounding[2]
    seconds = (SAFE - lump) // max(1, per_second) - tariff.min_duration_s
    return min(max(seconds, 0), SAFE)


def _increments(tariff: Tariff) -> tuple[int, ...]:
    return tuple(increment for band in tariff.compiled.steps for *_, increment in band)


def _fees(tariff: Tariff) -> tuple[int, ...]:
    return tuple(fee_micro * tariff.compiled.denominator for fee_micro in tariff.compiled.fees_micro)


def _limits(tariff: Tariff) -> tuple[int, int]:
    """Floor and ceiling of the cost as numerators."""
    denominator = tariff.compiled.denominator
    ceiling = tariff.max_cost_micro if tariff.max_cost_strategy == "free_after" else None
    return tariff.min_cost_micro * denominator, SAFE if ceiling is None else min(SAFE, ceiling * denominator)


def _padded(rows: list[tuple[int, ...]]) -> Int64Array:
    """Rows of unequal length as one array, filled up with zeros."""
    width = max((len(row) for row in rows), default=0)
    return np.array([row + (0,) * (width - len(row)) for row in rows], dtype=np.int64).reshape(len(rows), width)
