"""A price list as rows of `price_new` (sql/new_lines.sql), by its layout: streamed, each bad line with its reason."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import itemgetter
from zoneinfo import ZoneInfo

from odoo.addons.telecom_base.tools.instants import family_of, instant, order_evidence
from odoo.addons.telecom_base.tools.read_table import OLE, ZIP, Limits, read_rows
from odoo.addons.telecom_base.tools.refused import FileRefusedError

from .codes import codes_of
from .columns import SAMPLED, header_score
from .price_values import MINUTE_S, amount_micro, intervals, seconds

LIMITS = Limits(
    max_bytes=96 * 2**20,  # the web server takes 128 MB, and an upload is a third longer than its file
    max_rows=2_000_000,
    kind="price list",
    remedy="Split it by country, and upload the parts as changes only.",
)
MAX_PREFIXES = 4_000_000  # after lists and ranges have been spread
HEADER_WITHIN = 30  # lines; decks begin with a title and an address
FIRST_PROBLEMS = 500
MEMO = 200_000  # different terms that are kept ready; a deck has some thousand
PROGRESS_EVERY = 20_000
TERMS = ("from", "to", "fee", "price", "price_second", "unit", "increments", "first", "next", "included", "currency")
COPIED = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " "})


@dataclass(frozen=True)
class Layout:
    """How to read a file: places of the columns by meaning, and what the file does not say itself.

    `start`: aware instant from which prices count that name none or an earlier one. `currency`: code of the deck's.
    """

    places: dict
    start: datetime
    currency: str
    header_line: int = 1
    timezone: str = "UTC"
    encoding: str = "auto"
    date_order: str = "auto"
    extra: tuple = field(default=())


def header_of(data, encoding, allowed):
    """Return (line, headers, samples of each column): the line that names most columns, else the first one."""
    rows = list(islice(read_rows(data, encoding, LIMITS), HEADER_WITHIN + SAMPLED))
    if not rows:
        raise FileRefusedError("The file has no line with anything in it.")
    scores = [header_score(cells, allowed) for _line, cells in rows[:HEADER_WITHIN]]
    place = scores.index(max(scores))
    line, cells = rows[place]
    headers = [str(cell if cell is not None else "").strip()[:64] or f"(column {n})" for n, cell in enumerate(cells, 1)]
    while len(headers) > 1 and headers[-1].startswith("(column "):
        headers.pop()
    if len(headers) < 2:
        raise FileRefusedError(f"Line {line} has one column: a price list has at least a code and a price.")
    samples = [cells for _line, cells in rows[place + 1 : place + 1 + SAMPLED]]
    if not samples:
        raise FileRefusedError("The file has a header only: there is no price in it.")
    return line, headers, [[row[n] if n < len(row) else None for row in samples] for n in range(len(headers))]


class PriceReader:
    """Reads a file by a layout. `keys_of(get)` gives the keys of a line; `extra_of(get)` its further terms as JSON.

    After `copy_lines`: `problems` (line, reason), the first of `problem_count`; `ended`: lines whose prices are over;
    `count`: rows that were written; `repeated`: keys that came more than once.
    """

    def __init__(self, data, layout, *, keys_of=None, extra_of=None, progress=None):
        self.data, self.layout = data, layout
        self._keys_of, self._extra_of = keys_of, extra_of
        self.tell = progress or (lambda _line: None)
        self._order = layout.date_order
        self._families = {}
        self._tails = {}
        self._seen = set()
        self._is_sheet = data.startswith((ZIP, OLE))
        self._zone = ZoneInfo(layout.timezone)
        self.problems, self.problem_count, self.ended, self.count, self.lines = [], 0, 0, 0, 0
        self.repeated = set()

    def copy_lines(self):
        """Yield the lines of a COPY into price_new."""
        places = self.layout.places
        width = max(places.values()) + 1
        used = [places[name] for name in (*TERMS, *self.layout.extra) if name in places]
        terms_cells = itemgetter(*used) if len(used) > 1 else lambda cells: cells[used[0]]
        name_place = places.get("name", places.get("group"))
        for line, read in self._lines():
            self.lines += 1
            if not self.lines % PROGRESS_EVERY:
                self.tell(line)
            try:
                cells = read if len(read) >= width else self._padded(read, width)
                wanted = terms_cells(cells)
                tail = self._tails.get(wanted)
                if tail is None:
                    tail = self._remembered(wanted, cells)
                keys = self.keys(cells)
            except FileRefusedError as error:
                self.note(line, str(error))
                continue
            except WholeFileError as error:
                raise FileRefusedError(str(error)) from error
            if not tail:
                self.ended += 1
                continue
            name = str(cells[name_place] or "").translate(COPIED) if name_place is not None else "\\N"
            for key in keys:
                if key in self._seen:
                    self.repeated.add(key)
                self._seen.add(key)
                yield f"{line}\t{key}\t{name}\t{tail}\n"
            self.count += len(keys)
            if self.count > MAX_PREFIXES:
                raise FileRefusedError(f"The file has more than {MAX_PREFIXES:,} prefixes. {LIMITS.remedy}")

    def again(self):
        """Return a reader of the same file of a deck that has read nothing yet."""
        return PriceReader(self.data, self.layout, progress=self.tell)

    def note(self, line, reason):
        """Add a bad line; of many only the first ones are kept."""
        self.problem_count += 1
        if len(self.problems) < FIRST_PROBLEMS:
            self.problems.append((line, reason))

    def _lines(self):
        return (row for row in read_rows(self.data, self.layout.encoding, LIMITS) if row[0] > self.layout.header_line)

    def _padded(self, cells, width):
        if not self._is_sheet:
            raise FileRefusedError(f"the line has {len(cells)} columns instead of {width} or more: it may be cut off")
        return [*cells, *[None] * (width - len(cells))]

    def keys(self, cells):
        """Return the prefixes (or whatever `keys_of` gives) of a line."""
        places = self.layout.places
        if self._keys_of:
            return self._keys_of(lambda name: cells[places[name]] if name in places else None)
        code = cells[places["code"]]
        if "country" in places:
            return codes_of(cells[places["country"]], code)
        if type(code) is str and code.isdigit() and code.isascii() and code[0] != "0" and len(code) <= 15:
            return (code,)
        return codes_of(None, code)

    def _remembered(self, wanted, cells):
        """Return the terms of a line as text; an empty one when they are over."""
        if len(self._tails) >= MEMO:
            self._tails.clear()
        tail = self._tails[wanted] = self.tail(cells)
        return tail

    def tail(self, cells):
        """Return the terms of a line as COPY takes them; an empty text when they are over."""

        def get(name):
            place = self.layout.places.get(name)
            return cells[place] if place is not None else None

        currency = str(get("currency") or "").strip().upper()
        if currency and currency != self.layout.currency:
            raise FileRefusedError(f"the line is in {currency[:8]}, these prices are in {self.layout.currency}")
        begins = self._instant("from", get("from"))
        ends = self._end(get("to"))
        if begins is not None and ends is not None and ends <= begins:
            raise FileRefusedError("the price ends before it begins")
        starts = max(begins or self.layout.start, self.layout.start)
        extra = self._extra_of(get) if self._extra_of else None
        prices = self._prices(get, required=extra is None or '"method": "fixed"' in extra)
        if ends is not None and ends <= starts:
            return ""
        values = [starts.isoformat(), "\\N" if ends is None else ends.isoformat(), *prices]
        return "\t".join([*map(str, values), "\\N" if extra is None else extra.translate(COPIED)])

    def _prices(self, get, required):
        """Return fee, price, unit, first, next and included seconds."""
        price, unit_s = amount_micro(get("price"), "price"), MINUTE_S
        if price is None and "price_second" in self.layout.places:
            price = amount_micro(get("price_second"), "price")
            price = price * MINUTE_S if price is not None else None
        else:
            unit_s = seconds(get("unit"), "price unit", MINUTE_S)
        if price is None:
            if required:
                raise FileRefusedError("the price is missing" + self._formula())
            price = 0
        first, following = intervals(get("increments")) or (1, 1)
        return (
            amount_micro(get("fee"), "connection fee") or 0,
            price,
            unit_s,
            seconds(get("first"), "first interval", first),
            seconds(get("next"), "next interval", following),
            seconds(get("included"), "included time", 0, least=0),
        )

    def _formula(self):
        words = " (a formula that was never calculated is empty: open and save the file in a spreadsheet program)"
        return words if self._is_sheet else ""

    def _end(self, value):
        """Return the instant before which a price ends; a day without a time is meant to its end."""
        ends = self._instant("to", value)
        is_day = isinstance(value, str) and ":" not in value and not value.strip().isdigit()
        if isinstance(value, datetime):
            is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        if ends is None or not is_day:
            return ends
        return (ends.astimezone(self._zone).replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=self._zone)

    def _instant(self, column, value):
        """Return an aware instant; None when the cell is empty. All lines have to write it like the first one."""
        if value is None or value == "":
            return None
        family = family_of(value)
        if family is None:
            raise FileRefusedError(f"{str(value)[:40]!r} is no date")
        known = self._families.setdefault(column, (family, str(value)[:40]))
        if known[0] != family:
            raise FileRefusedError(f"the date {str(value)[:40]!r} is not written like {known[1]!r} further up")
        if self._order == "auto" and family.startswith("two numbers"):
            self._order = self._find_order(self.layout.places[column])
        return datetime.fromtimestamp(instant(value, self.layout.timezone, self._order) / 1000, UTC)

    def _find_order(self, place):
        """Whether day or month stands first: dates beyond the 12th tell. Raises FileRefusedError when none does."""
        seen = {}
        for line, cells in self._lines():
            value = cells[place] if place < len(cells) else None
            if evidence := order_evidence(value) if value else None:
                seen.setdefault(evidence, (line, value))
        if len(seen) > 1:
            day, month = seen["dmy"], seen["mdy"]
            raise WholeFileError(
                f"Dates are written in two ways: line {day[0]} ({day[1]}) has the day first, line {month[0]}"
                f" ({month[1]}) the month. Export the file again with one form of dates."
            )
        if not seen:
            raise WholeFileError(
                "It cannot be told if the dates of the file begin with the day or with the month. Choose it under"
                " How It Is Read."
            )
        return next(iter(seen))


class WholeFileError(Exception):
    """What makes a whole file unreadable and comes out in one of its lines; the text is for the person."""
