"""A carrier's file as calls, by its layout: one call a line, or why the line is none."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

from odoo.addons.telecom_base.tools.instants import family_of, instant, order_evidence
from odoo.addons.telecom_base.tools.read_table import Limits, read_rows
from odoo.addons.telecom_base.tools.refused import FileRefusedError

from .values import called_number, cost_micro, seconds_of

SAMPLES = 5
LIMITS = Limits(
    max_bytes=64 * 2**20, max_rows=500_000, kind="list of calls", remedy="Split it by day and upload the parts."
)
_OUT = re.compile(r"\b(out\w*|orig\w*|mo|term\w* to|egress)\b", re.IGNORECASE)
_IN = re.compile(r"\b(in|inbound|incoming|ingress|did|ddi|term\w*|mt)\b", re.IGNORECASE)
_UNANSWERED = re.compile(r"no.?answer|busy|fail|cancel|reject|congest|unavail|unalloc|error|not ", re.IGNORECASE)


class Call(NamedTuple):
    """An answered call as the carrier has it; `start_ms` of the epoch, `currency` None: not said."""

    line: int
    called: str
    start_ms: int
    seconds: float
    cost_micro: int | None
    currency: str | None
    direction: str


class Problem(NamedTuple):
    """A line that cannot be read."""

    line: int
    reason: str


@dataclass(frozen=True)
class Layout:
    """How to read a file: places of the columns by meaning, and what the file does not say itself.

    `direction`: outbound or inbound; 'column': as the lines say, `swapped` when they say it from the carrier's side.
    """

    places: dict
    width: int
    timezone: str = "UTC"
    encoding: str = "auto"
    date_order: str = "auto"
    country_code: str = ""
    strip_prefix: str = ""
    direction: str = "outbound"
    swapped: bool = False


def header_of(data, encoding):
    """Return (headers, samples of each column). Raises FileRefusedError, also for a file without a line of calls."""
    rows = read_rows(data, encoding, LIMITS)
    line, cells = next(rows, (0, None))
    if cells is None:
        raise FileRefusedError("The file has no line with anything in it.")
    headers = [str(cell or "").strip()[:64] or f"(column {place})" for place, cell in enumerate(cells, start=1)]
    while len(headers) > 1 and headers[-1].startswith("(column "):
        headers.pop()
    if len(headers) < 3:
        raise FileRefusedError(
            f"Line {line} has {len(headers)} column(s): a list of calls has at least called number, start and duration."
        )
    samples = [cells for _line, cells in (row for row, _count in zip(rows, range(SAMPLES), strict=False))]
    if not samples:
        raise FileRefusedError("The file has a header only: there is no call in it.")
    return headers, [[row[place] if place < len(row) else None for row in samples] for place in range(len(headers))]


class Reader:
    """Reads a file by a layout. `unanswered` counts the lines of calls that were not answered and cost nothing."""

    def __init__(self, data, layout):
        self._data = data
        self._layout = layout
        self._family = None
        self._family_line = 0
        self._order = layout.date_order
        self.unanswered = 0

    def __iter__(self):
        """Yield a Call or a Problem for each line, but for unanswered calls."""
        if self._order == "auto":
            self._order = self._find_order()
        for line, cells in self._lines():
            try:
                call = self._call(line, cells)
            except FileRefusedError as error:
                yield Problem(line, str(error))
                continue
            if call is None:
                self.unanswered += 1
            else:
                yield call

    def _lines(self):
        rows = read_rows(self._data, self._layout.encoding, LIMITS)
        next(rows, None)  # the header
        return rows

    def _find_order(self):
        """Whether day or month stands first: dates beyond the 12th tell. Raises FileRefusedError when none does."""
        seen, doubtful = {}, None
        for line, cells in self._lines():
            value = self._start_cell(cells)
            evidence = order_evidence(value)
            if evidence is not None:
                seen.setdefault(evidence, (line, value))
            elif doubtful is None and (family_of(value) or "").startswith("two numbers"):
                doubtful = (line, value)
        if len(seen) > 1:
            (day, month) = (seen["dmy"], seen["mdy"])
            raise FileRefusedError(
                f"Dates are written in two ways: line {day[0]} ({day[1]}) has the day first, line {month[0]}"
                f" ({month[1]}) the month. Export the file again with one form of dates."
            )
        if not seen and doubtful:
            raise FileRefusedError(
                f"It cannot be told if {doubtful[1]} in line {doubtful[0]} begins with the day or with the month."
                " Choose it under Dates."
            )
        return next(iter(seen), "dmy")

    def _call(self, line, cells):
        layout = self._layout
        if len(cells) < layout.width and any(place >= len(cells) for place in layout.places.values()):
            raise FileRefusedError(f"the line has {len(cells)} columns instead of {layout.width}: it may be cut off")
        seconds = self._seconds(cells)
        cost = cost_micro(self._cell(cells, "cost"))
        if not seconds and not cost and self._is_unanswered(cells):
            return None
        return Call(
            line,
            called_number(self._cell(cells, "called"), layout.country_code, layout.strip_prefix),
            self._start(line, cells),
            seconds,
            cost,
            (str(self._cell(cells, "currency") or "").strip().upper()[:8]) or None,
            self._direction(cells),
        )

    def _cell(self, cells, meaning):
        place = self._layout.places.get(meaning)
        return cells[place] if place is not None and place < len(cells) else None

    def _seconds(self, cells):
        unit = next(unit for unit in ("seconds", "minutes", "ms") if unit in self._layout.places)
        value = self._cell(cells, unit)
        if value in (None, "") and self._is_unanswered(cells) and "disposition" in self._layout.places:
            return 0
        return seconds_of(value, unit)

    def _is_unanswered(self, cells):
        """A call of no seconds is one, unless the carrier says that it was answered."""
        said = self._cell(cells, "disposition")
        return not said or bool(_UNANSWERED.search(str(said))) or not str(said).lower().startswith("answer")

    def _start_cell(self, cells):
        if "start" in self._layout.places:
            return self._cell(cells, "start")
        day, clock = self._cell(cells, "date"), self._cell(cells, "time")
        if isinstance(day, datetime) and isinstance(clock, time):
            return datetime.combine(day.date(), clock)
        if isinstance(day, datetime):
            day = day.date().isoformat()
        return f"{day or ''} {clock or ''}".strip()

    def _start(self, line, cells):
        """Instant of a line; all lines have to be written like the first one."""
        value = self._start_cell(cells)
        if value in (None, ""):
            raise FileRefusedError("the start is missing")
        family = family_of(value)
        if family is None:
            raise FileRefusedError(f"{str(value)[:40]!r} is no date and time")
        if self._family is None:
            self._family, self._family_line = family, line
        elif family != self._family:
            raise FileRefusedError(
                f"the date {str(value)[:40]!r} is not written like that of line {self._family_line}"
                f" ({family} instead of {self._family})"
            )
        return instant(value, self._layout.timezone, self._order)

    def _direction(self, cells):
        if self._layout.direction != "column":
            return self._layout.direction
        said = str(self._cell(cells, "direction") or "").strip()
        if not said:
            raise FileRefusedError("the direction is missing")
        outbound = bool(_OUT.search(said))
        if not outbound and not _IN.search(said):
            raise FileRefusedError(f"{said[:40]!r} is no direction: inbound, outbound, in, out are")
        return "outbound" if outbound != self._layout.swapped else "inbound"
