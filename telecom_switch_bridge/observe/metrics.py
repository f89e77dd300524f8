"""Counters, gauges and one histogram form, written as Prometheus text."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache

LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@lru_cache(maxsize=1024)
def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    return ",".join(f'{label}="{value}"' for label, value in sorted(labels))


class Histogram:
    """Durations (s) in fixed buckets."""

    def __init__(self) -> None:
        self.counts = [0] * (len(LATENCY_BUCKETS_S) + 1)
        self.total_s = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(LATENCY_BUCKETS_S, seconds)] += 1
        self.total_s += seconds


class Metrics:
    """All figures of the daemon; names are made on first use, help texts where they are declared."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._help: dict[str, str] = {}
        self._gauges: dict[str, Callable[[], float]] = {}
        self._histograms: dict[str, Histogram] = {}

    def declare(self, name: str, text: str) -> None:
        """Give a counter its help text, and 0 as its first value."""
        self._help[name] = text
        self._counts.setdefault((name, ""), 0)

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to a counter; labels come from closed sets of ours, never from peers."""
        key = (name, _labels(tuple(labels.items())) if labels else "")
        self._counts[key] = self._counts.get(key, 0) + amount

    def value(self, name: str, **labels: str) -> int:
        """Value of a counter, for tests and health."""
        return self._counts.get((name, _labels(tuple(labels.items()))), 0)

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """A figure that is read when it is asked for."""
        self._help[name] = text
        self._gauges[name] = read

    def histogram(self, name: str, text: str) -> Histogram:
        """Histogram of that name, made on first use."""
        self._help[name] = text
        return self._histograms.setdefault(name, Histogram())

    def render(self) -> str:
        """Prometheus text format 0.0.4."""
        return "\n".join([*self._counter_lines(), *self._gauge_lines(), *self._histogram_lines(), ""])

    def _counter_lines(self) -> Iterator[str]:
        labelled = {name for name, labels in self._counts if labels}
        last = ""
        for (name, labels), value in sorted(self._counts.items()):
            if not labels and name in labelled:
                continue  # its first value only kept the place
            if name != last:
                yield from self._head(name, "counter")
                last = name
            yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"

    def _gauge_lines(self) -> Iterator[str]:
        for name, read in sorted(self._gauges.items()):
            yield from self._head(name, "gauge")
            yield f"{name} {read():g}"

    def _histogram_lines(self) -> Iterator[str]:
        for name, histogram in sorted(self._histograms.items()):
            yield from self._head(name, "histogram")
            seen = 0
            for bound, count in zip((*map(str, LATENCY_BUCKETS_S), "+Inf"), histogram.counts, strict=True):
                seen += count
                yield f'{name}_bucket{{le="{bound}"}} {seen}'
            yield f"{name}_sum {histogram.total_s:g}"
            yield f"{name}_count {seen}"

    def _head(self, name: str, kind: str) -> Iterator[str]:
        if name in self._help:
            yield f"# HELP {name} {self._help[name]}"
        yield f"# TYPE {name} {kind}"
