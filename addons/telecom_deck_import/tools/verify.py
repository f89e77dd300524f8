"""One verification: read the file, hold it against what is stored, write down the differences. One transaction."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .copy_file import LinesFile
from .quick_changes import COPY, quick_changes
from .quick_lines import quick_lines
from .same_prices import OldRows
from .timeline import Row, compare

RESULTS = ("new", "raised", "lowered", "changed", "closed")
COLUMNS = "fee_micro, price_micro, unit_s, first_s, next_s, included_s, extra"
PAGE = 5_000  # rows of one insert or fetch
HELD = 20_000  # changes that are kept before they are written
_EVER = datetime.min.replace(tzinfo=UTC)
_SQL = Path(__file__).parents[1] / "sql"


def statement_text(name):
    """Return a file of sql/."""
    return (_SQL / name).read_text(encoding="utf-8")


class Verified(NamedTuple):
    """`counts` None: there were problems and nothing was compared. `same_twice`: lines that say again what one said.
    `edge`: the first instant at which a price begins or ends, so that what was compared does not hold any more."""

    counts: dict | None
    unchanged: int
    same_twice: int
    edge: datetime | None = None


class Verification:
    """`values`: import_id, start, full, and what the statement `old_sql` asks for.

    `quick_sql`: three statements that give the same rows as numbers (`OldRows.fetch`); None: there is more to them.
    """

    def __init__(self, cr, reader, old_sql, values, *, progress=None, quick_sql=None):
        self._cr, self._reader, self._old_sql, self._values = cr, reader, old_sql, values
        self._quick_sql, self._quick = quick_sql, None
        self._progress = progress or (lambda _percent, _step: None)

    def run(self):
        """Return Verified; the reader has the problems. Raises FileRefusedError when the file cannot be read at all."""
        self._make_tables()
        lines = LinesFile(self._lines_left() or self._reader.copy_lines())
        self._cr.copy_expert("copy price_new from stdin", lines, size=1 << 18)
        if lines.error:
            raise lines.error
        same_twice = self._settle_repeated() if self._reader.repeated else 0
        result = self._compared(same_twice)
        self._cr.execute("drop view price_old")  # it would hold the deck's table as long as the connection lives
        return result

    def _lines_left(self):
        """Compare prefixes with one price on either side (`_quick` has the outcome) and return the lines of all others;
        None: everything is to be compared line by line."""
        if self._quick_sql is None:
            return None
        selects = [self._cr.mogrify(statement_text(name), self._values).decode() for name in self._quick_sql]
        with ThreadPoolExecutor(1) as beside:  # the file is read here meanwhile, without the cursor
            fetched = []
            quick = quick_lines(self._reader, lambda: fetched.append(beside.submit(OldRows.fetch, self._cr, *selects)))
        old = fetched[0].result() if fetched else None
        if quick is None:
            return None
        self._progress(40, "Comparing")
        self._quick = quick_changes(quick, old, self._values)
        self._cr.execute(statement_text("old_rows.sql"))
        if self._quick.rest_old.any():
            ids = old.id[self._quick.rest_old].tolist()
            self._cr.execute("insert into price_old_row select unnest(%s)", [ids])
            self._cr.execute("analyze price_old_row")
        return quick.copy_lines(np.flatnonzero(self._quick.rest))

    def _compared(self, same_twice):
        if self._reader.problem_count or not self._reader.count:
            return Verified(None, 0, same_twice)
        self._progress(60, "Comparing")
        counts, edge = None, self._quick.edge if self._quick else self._edge()
        if self._quick:
            self._progress(90, "Writing down what differs")
            self._store_quick()
            counts = self._quick.counts
        if self._quick is None or self._quick.rest.any() or self._quick.rest_old.any():
            self._compare_single()
            self._progress(90, "Comparing prefixes with several prices")
            self._compare_multi()
            counts, changes_edge = self._counts()
            edge = min(filter(None, [edge, changes_edge]), default=None)
        unchanged = self._reader.count - same_twice - sum(counts[name] for name in RESULTS if name != "closed")
        return Verified({name: counts[name] for name in RESULTS}, unchanged, same_twice, edge)

    def _store_quick(self):
        self._cr.copy_expert(COPY, LinesFile(iter(self._quick.lines)), size=1 << 18)
        self._cr.execute(
            """
            insert into telecom_price_touch (import_id, row_id, snapshot)
            select %s, id, to_jsonb(deck) from telecom_deck_rate deck where id = any (%s)
            """,
            [self._values["import_id"], self._quick.taken],
        )

    def _make_tables(self):
        self._cr.execute("drop view if exists pg_temp.price_old")
        self._cr.execute(
            "drop table if exists pg_temp.price_new, pg_temp.price_multi, pg_temp.price_pair, pg_temp.price_old_row"
        )
        self._cr.execute("set local work_mem = '128MB'")
        self._cr.execute(statement_text("new_lines.sql"))
        self._cr.execute(statement_text(self._old_sql), self._values)
        import_id = [self._values["import_id"]]
        self._cr.execute("delete from telecom_price_change where import_id = %s", import_id)
        self._cr.execute("delete from telecom_price_touch where import_id = %s", import_id)

    def _settle_repeated(self):
        """Refuse a second price of a prefix for the same start; leave out a line that only says it again."""
        self._cr.execute(statement_text("repeated.sql"), {"repeated": list(self._reader.repeated)})
        again = []
        for line, key, first_line, same in self._cr.fetchall():
            if same:
                again.append((line, key))
            else:
                where = f"line {first_line}" if line != first_line else "the same line"
                self._reader.note(line, f"{key} has another price on {where} already: keep one of them")
        if again:
            self._cr.execute(
                """
                delete from price_new new using (
                    select ctid as place, row_number() over (partition by key, starts order by line, ctid) as turn
                      from price_new where key = any (%s)) listed
                 where listed.place = new.ctid and listed.turn > 1
                """,
                [[key for _line, key in again]],
            )
        return len(again)

    def _compare_single(self):
        self._cr.execute("analyze price_new")
        self._cr.execute(statement_text("multi.sql"), {"repeated": list(self._reader.repeated)})
        self._cr.execute("analyze price_multi")
        self._cr.execute(statement_text("pairs.sql"), self._values)
        self._cr.execute(statement_text("results.sql"), self._values)

    def _compare_multi(self):
        """Prefixes with several prices on either side, one by one; there are few of them, or they take their time."""
        self._cr.execute("select count(*) from price_multi")
        if not self._cr.fetchone()[0]:
            return
        changes, touches = [], []
        for key, new_rows, old_rows, names in self._multi():
            if not new_rows and not self._values["full"]:
                continue
            outcome = compare(old_rows, new_rows, self._values["start"])
            changes += [self._change_values(key, change, names) for change in outcome.changes]
            touches += [(self._values["import_id"], row.id, cut, row.ends) for row, cut in outcome.touches]
            if len(changes) + len(touches) > HELD:
                self._insert(changes, touches)
                changes, touches = [], []
        self._insert(changes, touches)

    def _insert(self, changes, touches):
        self._insert_changes(changes)
        self._insert_touches(touches)

    def _multi(self):
        """Yield (key, rows of the file, rows of the deck, names by line)."""
        self._cr.execute(  # pylint: disable=sql-injection
            f"""
            declare price_rows no scroll cursor for
            select key, false as is_old, line::bigint as id, starts, ends, {COLUMNS}, name
              from price_new where key in (select key from price_multi)
             union all
            select key, true, row_id, nullif(starts, '-infinity'), ends, {COLUMNS}, null
              from price_old where key in (select key from price_multi)
             order by 1
            """  # noqa: S608  # names of columns, no value from outside
        )
        # pylint: disable-next=bad-builtin-groupby  # they are in order
        for key, group in groupby(self._fetched(), key=lambda row: row[0]):
            rows = [(row[1], Row(row[2], row[3] or _EVER, row[4], tuple(row[5:12])), row[12]) for row in group]
            names = {row.id: name for is_old, row, name in rows if not is_old}
            yield key, [row for old, row, _n in rows if not old], [row for old, row, _n in rows if old], names

    def _fetched(self):
        """Yield the rows of the cursor, some thousand at a time."""
        while True:
            self._cr.execute(f"fetch {PAGE} from price_rows")  # pylint: disable=sql-injection
            if not (rows := self._cr.fetchall()):
                break
            yield from rows
        self._cr.execute("close price_rows")

    def _change_values(self, key, change, names):
        *new, extra = change.new or [None] * 7
        old = (change.old or [None] * 7)[:6]
        name = names.get(change.line) if change.line else None
        return (self._values["import_id"], change.result, change.line, key, name, change.starts, change.ends,
                *new, extra and json.dumps(extra), *old)  # fmt: skip

    def _insert_changes(self, rows):
        self._cr.execute_values(
            f"""
            insert into telecom_price_change (
                import_id, result, line, key, name, starts, ends, {COLUMNS}, old_fee_micro, old_price_micro,
                old_unit_s, old_first_s, old_next_s, old_included_s) values %s
            """,  # noqa: S608  # names of columns, no value from outside
            rows,
            page_size=PAGE,
        )

    def _insert_touches(self, rows):
        self._cr.execute_values(
            """
            insert into telecom_price_touch (import_id, row_id, cut, old_ends, snapshot)
            select touch.import_id, touch.row_id, touch.cut::timestamptz, touch.old_ends::timestamptz,
                   case when touch.cut is null
                        then (select snapshot from price_old old where old.row_id = touch.row_id) end
              from (values %s) as touch (import_id, row_id, cut, old_ends)
            """,
            rows,
            page_size=PAGE,
        )

    def _counts(self):
        """Return how many changes of each kind there are, and when the first of them begins or ends."""
        self._cr.execute(
            """
            select result, count(*), least(min(starts) filter (where starts > %(start)s), min(ends))
              from telecom_price_change where import_id = %(import_id)s group by result
            """,
            self._values,
        )
        rows = self._cr.fetchall()
        edges = [edge for _name, _count, edge in rows if edge]
        return Counter({name: count for name, count, _edge in rows}), min(edges, default=None)

    def _edge(self):
        """Return the first instant at which a row of the deck or plan begins or ends; None: there is none."""
        self._cr.execute(
            """
            select least(min(starts) filter (where starts >= %(start)s), min(ends) filter (where ends > %(start)s))
              from price_old
            """,
            self._values,
        )
        return self._cr.fetchone()[0]
