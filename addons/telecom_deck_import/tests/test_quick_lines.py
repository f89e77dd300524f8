from datetime import timedelta
from random import Random
from unittest.mock import patch

import numpy as np
from odoo.tests import tagged

from ..tools import verify
from ..tools.quick_lines import digits_of, numbered, quick_lines
from .common import HEADER, NOW, PricesCase

CODES = ("44", "441", "442", "4420", "49", "47", "+48", "445-447", "00448")
FOUND = ("state", "line_count", "price_count", "ended_count", "repeated_count", "unchanged_count", "new_count",
         "raised_count", "lowered_count", "changed_count", "closed_count", "message")  # fmt: skip


@tagged("post_install", "-at_install")
class TestQuickLines(PricesCase):
    """A plain .csv is read and compared all at once, and says what it says line by line."""

    def test_any_deck_and_any_file_give_the_same(self):
        random = Random(11)
        quick = 0
        for turn in range(60):
            self._fill(random)
            lines = [self._line(random, code) for code in random.sample(CODES, random.randint(1, len(CODES)))]
            if random.random() < 0.4:  # a prefix twice: the same again, or from another day on
                lines.append(random.choice([lines[0], self._line(random, "441", begins="2026-08-01")]))
            end = random.choice(["\n", "\r\n"])
            text = end.join([HEADER, *lines]) + random.choice(["", end, end * 2])
            one = self.upload(text, scope=random.choice(["full", "partial"]), timezone="Europe/Berlin")
            quick += quick_lines(one._reader(one._start_of_prices(), None)) is not None
            with self.subTest(turn=turn, text=text, deck=self.deck()):
                self.assertEqual(self._found(one), self._found_line_by_line(one))
        self.assertGreater(quick, 40, "the quick way was hardly ever gone")

    def test_what_is_read_all_at_once(self):
        for lines, is_quick in (
            (["441,UK,0.01,0,1,1,,", "442,Köln,0.01,0,1,1,2026-07-01,"], True),
            (["441,UK,0.01,0,1,1,,", "", "+44 20,UK,0.01,0,1,1,,", "442-445,UK,0.01,0,1,1,,"], True),
            (["441,UK,0.01,0,1,1,,", '442,"UK, mobile",0.01,0,1,1,,'], False),
            (["441,UK,0.01,0,1,1,,", "442,UK,0.01,0,1,1"], False),
            (["441,UK,0.01,0,1,1,,", "442,UK,cheap,0,1,1,,"], False),
            (["441,UK,0.01,0,1,1,,", "0442,UK,0.01,0,1,1,,"], False),
        ):
            with self.subTest(lines=lines):
                one = self.upload("\n".join((HEADER, *lines)) + "\n")
                found = quick_lines(one._reader(one._start_of_prices(), None))
                self.assertEqual(found is not None, is_quick)

    def test_the_first_bad_line_of_a_plain_file_is_named(self):
        lines = [f"{prefix},UK,0.01,0,1,1,," for prefix in range(4410, 4490)]
        one = self.verified(*lines, "4490,UK,-1,0,1,1,,", "44x,UK,0.01,0,1,1,,")
        self.assertEqual(one.state, "problems")
        self.assertEqual([line for line, _reason in self.problems(one)], [82, 83])

    def test_eight_digits_are_read_at_once(self):
        for text in ("0", "7", "44", "12345678", "00120045", "99999999"):
            self.assertEqual(self._read(text), (int(text), True), text)
        for text in ("12a4", " 12", "12 ", "1/3", "1:3", "-1", "é1", "1é", "\xff" * 4, "9999999/", "\x001"):
            self.assertFalse(self._read(text)[1], text)

    def test_the_different_values_are_found_however_many_they_are(self):
        random = np.random.default_rng(7)
        for size, kinds in ((1, 1), (50_000, 3), (50_000, 40_000), (250_000, 700), (250_000, 250_000)):
            values = random.integers(0, kinds, size).astype(np.uint64)
            values[size // 2] = 2**63  # once: no sample has it
            for found, wanted in zip(numbered(values), np.unique(values, return_inverse=True), strict=True):
                self.assertTrue((found == wanted).all(), (size, kinds))

    def _read(self, text):
        data = text.encode()
        word = np.array([int.from_bytes(data, "little")], np.uint64)
        value, is_number = digits_of(word, np.array([len(data)]))
        return int(value[0]), bool(is_number[0])

    def _fill(self, random):
        self.env.cr.execute("delete from telecom_deck_rate where carrier_id = %s", [self.baltic.id])
        for prefix in ("44", "441", "442", "4420", "49"):
            begins = random.choice([None, None, None, NOW + timedelta(days=30)])
            for _ in range(random.choice([0, 1, 1, 1, 2])):
                price, minute = random.choice([0.01, 0.02]), random.choice([1, 1, 1, 60, 1023, 1024])
                further = random.choice([{}, {}, {"connect_fee": 0.1}, {"included_s": 30}, {"price_unit_s": 1}])
                self.price(prefix, price, first_increment_s=minute, valid_from=begins, **further)
                begins = NOW + timedelta(days=random.randint(-3, 20))
        if random.random() < 0.3:
            self.env.cr.execute(
                "update telecom_deck_rate set valid_to = %s where carrier_id = %s and valid_from is null",
                [NOW + timedelta(days=40), self.baltic.id],
            )

    def _line(self, random, code, begins=None):
        name = random.choice(["UK", "", "Größe", " back\\slash "])
        price, fee = random.choice(["0.01", "0.010000", "0.02", " 0.01"]), random.choice(["0", "", "0.1"])
        first = random.choice(["1", "1", "60"])
        begins = begins or random.choice(["", "", "", "2020-01-01", "2026-07-01"])
        ends = random.choice(["", "", "2026-12-31"] if begins else ["", "", "2026-05-01", "2026-07-31"])
        return f"{code},{name},{price},{fee},{first},1,{begins},{ends}"

    def _found(self, one):
        one.action_verify()
        self.env.flush_all()
        self.env.cr.execute(
            """
            select (to_jsonb(change) - 'id')::text from telecom_price_change change where import_id = %s
             order by key, starts, line
            """,
            [one.id],
        )
        changes = self.env.cr.fetchall()
        self.env.cr.execute(
            "select touch::text from telecom_price_touch touch where import_id = %s order by row_id", [one.id]
        )
        problems = one.problem_ids.mapped(lambda problem: (problem.line, problem.reason))
        return [one[name] for name in FOUND], problems, changes, self.env.cr.fetchall()

    def _found_line_by_line(self, one):
        with patch.object(verify, "quick_lines", lambda reader, begun: None):
            return self._found(one)
