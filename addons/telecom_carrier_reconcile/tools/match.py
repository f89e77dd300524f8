"""Lines of a carrier's file beside our legs: one to one, the nearest first. Set-based SQL on temporary tables."""

import io
from pathlib import Path

NEAREST = 4  # legs looked at for a line in one round; a line that finds all of them taken looks again
RING_MS = 900_000  # longest set-up of a call that can still be found by its answer: five carriers at a minute, and more
MAX_ROUNDS = 50  # each round matches what it can; crowded numbers need a few
COPY_LINES = 20_000
_SQL = Path(__file__).parents[1] / "sql"


def statement_text(name):
    """Return a file of sql/."""
    return (_SQL / name).read_text(encoding="utf-8")


def make_theirs(cr):
    """Make the empty table of the file's calls."""
    cr.execute(
        """
        drop table if exists reconcile_theirs, reconcile_ours, reconcile_pair;
        create temp table reconcile_theirs (
            n int, line int, called text, start_ms bigint, seconds numeric(12, 3), micro bigint, currency text,
            direction text) on commit drop;
        create temp table reconcile_pair (theirs int primary key, ours int unique) on commit drop;
        """
    )


def copy_theirs(cr, calls, first):
    """Write calls of the file, numbered from `first` on; all values are digits, codes and words of ours."""
    text = io.StringIO()
    for n, call in enumerate(calls, start=first):
        micro = "\\N" if call.cost_micro is None else call.cost_micro
        currency = _copy_text(call.currency)
        text.write(
            f"{n}\t{call.line}\t{call.called}\t{call.start_ms}\t{call.seconds:.3f}\t{micro}\t{currency}"
            f"\t{call.direction}\n"
        )
    text.seek(0)
    cr.copy_expert("copy reconcile_theirs from stdin", text)


def _copy_text(value):
    if value is None:
        return "\\N"
    return value.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")


def match(cr, tolerance_ms):
    """Fill reconcile_pair: greedily the nearest pair of what is left, until nothing is near."""
    cr.execute("analyze reconcile_theirs")
    values = {"tolerance_ms": tolerance_ms, "ring_ms": RING_MS, "nearest": NEAREST}
    for _round in range(MAX_ROUNDS):
        if not _match_round(cr, values):
            return


def _match_round(cr, values):
    """Match what is nearest and still free on both sides. Returns how many pairs were made."""
    cr.execute(statement_text("pairs.sql"), values)
    theirs, ours, text = set(), set(), io.StringIO()
    for their, our in cr.fetchall():
        if their not in theirs and our not in ours:
            theirs.add(their)
            ours.add(our)
            text.write(f"{their}\t{our}\n")
    text.seek(0)
    cr.copy_expert("copy reconcile_pair from stdin", text)
    cr.execute("analyze reconcile_pair")
    return len(theirs)
