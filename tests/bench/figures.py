"""Figures with baselines: only the ratio counts, measured in one process, alternated, medians of five."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter

REPEATS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a bench: what was measured, against what, and how to read it."""

    name: str
    value: float
    unit: str
    baseline_name: str
    baseline: float
    ratio: float
    note: str

    def as_json(self) -> str:
        """One JSON object on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_text(self) -> str:
        """For people."""
        return (
            f"{self.name}: {self.value:,.6g} {self.unit}; {self.baseline_name}: {self.baseline:,.6g} {self.unit}; "
            f"ratio {self.ratio:.2f} ({self.note})"
        )


def compare(
    name: str,
    unit: str,
    value: Callable[[], float],
    baseline_name: str,
    baseline: Callable[[], float],
    *,
    note: str,
) -> Figure:
    """Run value and baseline in turn, five times each after one run to warm up; both return a rate in `unit`."""
    value()
    baseline()
    pairs = [(value(), baseline()) for _ in range(REPEATS)]
    middle, base = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return Figure(name, middle, unit, baseline_name, base, middle / base, note)


def rate_of(count: int, work: Callable[[], object]) -> Callable[[], float]:
    """Function that does `work` once and returns how many of `count` things it did per second."""

    def measured() -> float:
        begin = perf_counter()
        work()
        return count / (perf_counter() - begin)

    return measured
