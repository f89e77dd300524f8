"""When carriers cannot take a call, by the table `faults.csv`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Fault:
    """A carrier's share of calls that fail, to numbers with a prefix, between two instants (None: always)."""

    carrier_id: int
    prefix: str
    since: datetime | None
    until: datetime | None
    share: float
    causes: tuple[int, ...]

    def holds(self, carrier_id: int, number: str, at: datetime) -> bool:
        """True for a call that this fault may meet."""
        begun = self.since is None or self.since <= at
        return (
            carrier_id == self.carrier_id
            and number.startswith(self.prefix)
            and begun
            and (self.until is None or at < self.until)
        )


def read_faults(rows: Iterable[Mapping[str, str]], carriers: Mapping[str, int], end: datetime) -> list[Fault]:
    """Faults of the table, the most special ones first."""
    faults = [
        Fault(
            carriers[row["carrier"]],
            row.get("prefix", ""),
            _before(end, row.get("from_days")),
            _before(end, row.get("to_days")),
            float(row["percent"]) / 100,
            tuple(map(int, row["causes"].split())),
        )
        for row in rows
    ]
    return sorted(faults, key=lambda fault: (-len(fault.prefix), fault.since is None))


def failure(faults: Iterable[Fault], carrier_id: int, number: str, at: datetime, chance: float) -> int | None:
    """Q.850 cause with which a carrier sends the call back; None: it takes it. `chance`: from 0 to 1."""
    for fault in faults:
        if fault.holds(carrier_id, number, at):
            if chance >= fault.share:
                return None
            return fault.causes[int(chance / fault.share * len(fault.causes))]
    return None


def _before(end: datetime, days: str | None) -> datetime | None:
    return end - timedelta(days=float(days)) if days else None
