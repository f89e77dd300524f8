"""Reading a leg journal in tests, independently of the bridge's own reader."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

FIELDS = (
    "event", "time", "uniqueid", "linkedid", "channel", "userfield", "account", "number", "extension", "context",
    "application", "peer", "extra",
)  # fmt: skip


@dataclass(frozen=True)
class Leg:
    """One channel as the journal tells it; times are seconds since 1970."""

    uniqueid: str
    channel: str
    userfield: str
    account: str
    answered_at: float | None
    ended_at: float | None
    cause: int | None

    @property
    def seconds(self) -> float:
        """Answered seconds; 0 for a leg never answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0.0
        return self.ended_at - self.answered_at


def records(path: Path) -> list[dict[str, str]]:
    """All records of a journal, by field name."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return [dict(zip(FIELDS, row, strict=True)) for row in csv.reader(io.StringIO(text))]


def legs(path: Path) -> list[Leg]:
    """Every leg of a journal, in the order of its first record."""
    found: dict[str, dict] = {}
    for record in records(path):
        facts = found.setdefault(record["uniqueid"], {"answered_at": None, "ended_at": None, "cause": None})
        if record["event"] == "ANSWER":
            facts["answered_at"] = float(record["time"])
        if record["event"] == "HANGUP":
            facts.update(ended_at=float(record["time"]), cause=json.loads(record["extra"])["hangupcause"])
        facts.update({name: record[name] for name in ("channel", "userfield", "account") if record[name]})
    empty = {"channel": "", "userfield": "", "account": ""}
    return [Leg(uniqueid=uniqueid, **{**empty, **facts}) for uniqueid, facts in found.items()]
