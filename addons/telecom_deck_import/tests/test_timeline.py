from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from odoo.addons.telecom_deck_import.tools.timeline import Row, compare, segments, verdict
from odoo.tests import BaseCase, tagged

from .common import PricesCase

A, B = (0, 10, 60, 1, 1, 0, None), (0, 20, 60, 1, 1, 0, None)


@tagged("post_install", "-at_install")
class TestTimeline(BaseCase):
    """Prices of one prefix over time; instants are small numbers here, 10 is the start of the import."""

    def test_of_several_prices_the_one_that_began_last_holds(self):
        rows = [Row(1, 0, None, A), Row(2, 5, 20, B), Row(3, 30, None, A)]
        parts = [(part.id, part.starts, part.ends) for part in segments(rows, 10)]
        self.assertEqual(parts, [(2, 10, 20), (1, 20, 30), (3, 30, None)])

    def test_what_the_file_says_is_there_already(self):
        for old in (
            [Row(1, 0, None, A)],
            [Row(1, 0, None, B), Row(2, 10, None, A)],
            [Row(1, 9, None, B), Row(2, 9.5, None, A)],
        ):
            with self.subTest(old=old):
                self.assertEqual(compare(old, [Row(7, 10, None, A)], 10), ([], []))

    def test_a_price_of_its_own_date_leaves_what_is_before(self):
        changes, touches = compare([Row(1, 0, None, A)], [Row(7, 20, None, B)], 10)
        self.assertEqual([(one.result, one.starts, one.old) for one in changes], [("raised", 20, A)])
        self.assertEqual([(row.id, cut) for row, cut in touches], [(1, 20)])

    def test_a_planned_price_is_taken_away_when_the_file_says_otherwise(self):
        old = [Row(1, 0, 20, A), Row(2, 20, None, B)]
        changes, touches = compare(old, [Row(7, 10, None, A)], 10)
        self.assertEqual([one.result for one in changes], ["changed"])
        self.assertEqual([(row.id, cut) for row, cut in touches], [(1, 10), (2, None)])

    def test_a_prefix_that_the_file_has_not_is_closed(self):
        changes, touches = compare([Row(1, 0, None, A), Row(2, 30, None, B)], [], 10)
        self.assertEqual([(one.result, one.starts, one.old) for one in changes], [("closed", 10, A)])
        self.assertEqual([(row.id, cut) for row, cut in touches], [(1, 10), (2, None)])

    def test_verdicts(self):
        self.assertEqual(verdict(A, None), "new")
        self.assertEqual([verdict(B, A), verdict(A, B), verdict(A, A)], ["raised", "lowered", "changed"])
        self.assertEqual(verdict((5, 10, 60, 1, 1, 0, None), A), "raised")
        self.assertEqual(verdict((0, 1, 6, 1, 1, 0, None), A), "changed", "the same price in another unit")

    def test_after_it_is_applied_the_deck_says_what_the_file_says(self):
        """Any deck, any file: from its first line on prices are the file's, before that as they were."""
        random = Random(5)
        for _turn in range(3000):
            old, new = _rows(random, 1, 3), _rows(random, 100, 3, least=10)
            changes, touches = compare(old, new, 10)
            cuts = {row.id: cut for row, cut in touches}
            kept = [row._replace(ends=cuts.get(row.id, row.ends)) for row in old if cuts.get(row.id, 0) is not None]
            after = kept + [Row(500 + n, one.starts, one.ends, one.new) for n, one in enumerate(changes) if one.new]
            begin = segments(new, 10)[0].starts if segments(new, 10) else 10
            for at in range(10, 40):
                wanted = _terms(new, at) if at >= begin else _terms(old, at)
                self.assertEqual(_terms(after, at), wanted, (old, new, at))
            self.assertEqual(compare(after, new, 10), ([], []), "once more changes nothing")


def _rows(random, first, most, least=0):
    rows = {}
    for number in range(random.randint(0, most)):
        starts = random.randint(least, 30)
        ends = random.choice([None, None, starts + random.randint(1, 20)])
        rows[starts] = Row(first + number, starts, ends, random.choice([A, B]))
    return list(rows.values())


def _terms(rows, at):
    held = [row for row in rows if row.starts <= at and (row.ends is None or row.ends > at)]
    return max(held, key=lambda row: row.starts).terms if held else None


@tagged("post_install", "-at_install")
class TestSetsOfPrices(PricesCase):
    """For prefixes with one price on either side, SQL says for all at once what `compare` says for one."""

    def test_sql_and_timeline_agree(self):
        at = NOON.replace(tzinfo=None)
        olds = [None, *product((None, -5, 3), (None, 2, 6), (0.01, 0.02))]
        news = [None, *product((None, 3, 4), (None, 6), (0.01, 0.02))]
        expected, lines = {}, []
        for number, pair in enumerate(product(olds, news)):
            prefix = f"44{1000 + number}"
            old, new = map(_possible, pair)
            if old:
                self.price(prefix, old[2], valid_from=_day(at, old[0]), valid_to=_day(at, old[1]))
            if new:
                lines.append(f"{prefix},x,{new[2]},0,1,1,{_iso(new[0], at)},{_iso(new[1], at)}")
            olds_of = [_row(1, old)] if old and (old[1] is None or old[1] > 0) else []
            outcome = compare(olds_of, [_row(len(lines) + 1, new)] if new else [], NOON)
            if outcome.changes:
                expected[prefix] = [(one.result, one.line) for one in outcome.changes]
        one = self.verified(*lines, start=at)
        self.assertEqual(one.state, "verified", one.problem_ids.mapped("reason"))
        found = {}
        for result, key, line, _price in self.changes(one):
            found.setdefault(key, []).append((result, line))
        self.assertEqual(found, expected)
        self.assertGreater(len(found), 60)


NOON = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)


def _possible(price):
    """A price that begins before it ends; None for others."""
    return None if price and price[1] is not None and (price[0] or -9) >= price[1] else price


def _day(at, days):
    return None if days is None else at + timedelta(days=days)


def _iso(days, at):
    moment = _day(at, days)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def _row(number, price):
    starts = datetime.min.replace(tzinfo=UTC) if price[0] is None else NOON + timedelta(days=price[0])
    ends = None if price[1] is None else NOON + timedelta(days=price[1])
    if number > 1:
        starts = max(starts, NOON)
    return Row(number, starts, ends, (0, round(price[2] * 1_000_000), 60, 1, 1, 0, None))
