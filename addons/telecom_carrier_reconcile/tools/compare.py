"""One comparison: read the file, match it with our legs, write the results. All in the caller's transaction."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo.addons.telecom_base.tools.refused import FileRefusedError

from .match import COPY_LINES, RING_MS, copy_theirs, make_theirs, match, statement_text
from .parse import Problem, Reader

RESULTS = ("matched", "seconds", "cost", "only_theirs", "only_ours", "outside")
LONGEST_PERIOD = timedelta(days=100)


class Outcome(NamedTuple):
    """`totals` None: there were problems and nothing was compared. `lines`: calls that were read."""

    problems: list
    lines: int
    unanswered: int
    totals: dict | None


class Comparison:
    """`rules`: the settings of a statement (see its `_rules`); `bounds`: period or None at either end."""

    def __init__(self, cr, data, layout, bounds, rules):
        self._cr = cr
        self._reader = Reader(data, layout)
        self._bounds = bounds
        self._rules = rules
        self._problems = []

    def run(self):
        """Return the Outcome. Raises FileRefusedError when the file cannot be read at all."""
        lines = self._load()
        if not lines or (self._problems and not self._rules["skip_unreadable"]):
            return Outcome(self._problems, lines, self._reader.unanswered, None)
        rules = {**self._rules, **self._period()}
        self._cr.execute(statement_text("ours.sql"), rules)
        match(self._cr, rules["tolerance_ms"])
        self._cr.execute("delete from telecom_statement_line where statement_id = %s", [rules["statement"]])
        self._cr.execute(statement_text("results.sql"), rules)
        return Outcome(self._problems, lines, self._reader.unanswered, self._totals() | self._days(rules))

    def _load(self):
        """Write the file's calls into a table of the transaction, some thousand at a time. Returns how many."""
        make_theirs(self._cr)
        calls, count = self._calls(), 0
        while chunk := list(islice(calls, COPY_LINES)):
            copy_theirs(self._cr, chunk, count + 1)
            count += len(chunk)
        return count

    def _calls(self):
        for one in self._reader:
            if isinstance(one, Problem):
                self._problems.append(one)
            else:
                yield one

    def _period(self):
        """Bounds in milliseconds, and the widest start that a leg of ours may have."""
        self._cr.execute("select min(start_ms), max(start_ms) from reconcile_theirs")
        first_ms, last_ms = self._cr.fetchone()
        begins, ends = self._bounds
        from_ms = _ms(begins) if begins else first_ms
        to_ms = _ms(ends) if ends else last_ms + 1
        if from_ms >= to_ms:
            raise FileRefusedError("The calls of the file lie outside the period that was given.")
        if timedelta(milliseconds=to_ms - from_ms) > LONGEST_PERIOD:
            raise FileRefusedError(
                f"The file would span {(to_ms - from_ms) // 86_400_000} days ({_day(from_ms)} to {_day(to_ms)}), more"
                f" than {LONGEST_PERIOD.days}. Look at its dates, or give the period."
            )
        margin_ms = self._rules["tolerance_ms"] + RING_MS
        return {
            "from_ms": from_ms,
            "to_ms": to_ms,
            "from": _utc(from_ms - margin_ms).replace(tzinfo=None),
            "to": _utc(to_ms + margin_ms).replace(tzinfo=None),
        }

    def _days(self, rules):
        """First and last day of the period, in the file's zone."""
        zone = ZoneInfo(rules["zone"])
        return {
            "date_from": _utc(rules["from_ms"]).astimezone(zone).date(),
            "date_to": _utc(rules["to_ms"] - 1).astimezone(zone).date(),
        }

    def _totals(self):
        """Counts and sums of the results, as fields of the statement."""
        self._cr.execute(
            """
            select result, count(*), count(line), count(record_id), coalesce(sum(their_seconds), 0),
                coalesce(sum(our_seconds), 0), coalesce(sum(their_micro), 0), coalesce(sum(our_micro), 0)
            from telecom_statement_line where statement_id = %s group by result
            """,
            [self._rules["statement"]],
        )
        rows = {row[0]: row[1:] for row in self._cr.fetchall()}
        totals = {f"{result}_count": rows.get(result, (0,))[0] for result in RESULTS}
        sums = [sum(column) for column in zip(*(row[1:] for row in rows.values()), strict=True)]
        names = ("their_calls", "our_calls", "their_seconds", "our_seconds")
        totals |= {name: int(value) for name, value in zip(names, sums[:4], strict=True)}
        return totals | {"their_cost": float(sums[4]) / 1_000_000, "our_cost": float(sums[5]) / 1_000_000}


def _ms(instant):
    return round(instant.timestamp() * 1000)


def _utc(ms):
    return datetime.fromtimestamp(ms / 1000, UTC)


def _day(ms):
    return _utc(ms).date().isoformat()
