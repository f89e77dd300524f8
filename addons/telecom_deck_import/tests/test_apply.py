from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.telecom_deck_import.tools import verify
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, PricesCase

NEXT = NOW + timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestApply(PricesCase):
    """From the second on, as a whole, and back."""

    def test_applied_from_the_next_second(self):
        self.price("441")
        self.price("442")
        self.price("443")
        one = self.verified("441,UK,0.02,0,1,1,,", "442,UK,0.01,0,1,1,,", "444,UK,0.03,0,1,1,,")
        self.later(minutes=3)
        one.action_apply()
        at = NOW + timedelta(minutes=3, seconds=1)
        self.assertEqual((one.state, one.applied_at), ("applied", at))
        self.assertEqual(
            self.deck(),
            [("441", 10_000, None, at), ("441", 20_000, at, None), ("442", 10_000, None, None),
             ("443", 10_000, None, at), ("444", 30_000, at, None)],
        )  # fmt: skip

    def test_applied_at_a_second_that_is_set(self):
        self.price("441")
        at = datetime(2026, 7, 1, 10, 20, 30)
        one = self.verified("441,UK,0.02,0,1,1,,", start=at)
        one.action_apply()
        self.assertEqual(self.deck(), [("441", 10_000, None, at), ("441", 20_000, at, None)])

    def test_a_start_that_is_over_counts_from_now(self):
        self.price("441")
        one = self.verified("441,UK,0.02,0,1,1,,", start=NOW - timedelta(days=3))
        one.action_apply()
        self.assertEqual(self.deck(), [("441", 10_000, None, NEXT), ("441", 20_000, NEXT, None)])

    def test_rolled_back_the_deck_is_what_it_was(self):
        self.price("441")
        self.price("442", valid_to=datetime(2026, 9, 1))
        self.price("442", 0.5, valid_from=datetime(2026, 8, 1), included_s=5)
        self.price("443", valid_from=datetime(2026, 8, 1))
        before = self.whole_deck()
        one = self.verified("441,UK,0.02,0,1,1,,", "442,UK,0.03,0.5,60,60,,2026-12-31", "445,UK,0.02,0,1,1,,")
        one.action_apply()
        self.assertEqual(
            self.deck(),
            [("441", 10_000, None, NEXT), ("441", 20_000, NEXT, None), ("442", 10_000, None, NEXT),
             ("442", 30_000, NEXT, datetime(2027, 1, 1)), ("445", 20_000, NEXT, None)],
        )  # fmt: skip
        self.later(hours=5)
        one.action_roll_back()
        self.assertEqual((one.state, self.whole_deck()), ("rolled_back", before))
        one.action_verify()
        one.action_apply()
        self.assertEqual(one.state, "applied")

    def test_many_prefixes_with_several_prices(self):
        """They are compared one by one and written in pieces."""
        for number in range(30):
            self.price(f"44{100 + number}", valid_to=datetime(2026, 8, 1))
            self.price(f"44{100 + number}", 0.02, valid_from=datetime(2026, 8, 1))
        before = self.whole_deck()
        with patch.object(verify, "PAGE", 7), patch.object(verify, "HELD", 3):
            one = self.verified(*(f"44{100 + number},UK,0.03,0,1,1,," for number in range(20)))
        self.assertEqual(self.counts(one), {"raised": 20, "closed": 10})
        one.action_apply()
        ended = [(f"44{100 + number}", 10_000, None, NEXT) for number in range(30)]
        added = [(f"44{100 + number}", 30_000, NEXT, None) for number in range(20)]
        self.assertEqual(self.deck(), sorted([*ended, *added], key=lambda row: (row[0], row[1])))
        one.action_roll_back()
        self.assertEqual(self.whole_deck(), before)

    def test_the_same_file_again_changes_nothing(self):
        lines = ("441,UK,0.02,0,1,1,,", "442,UK,0.03,0.5,60,60,2026-08-01,2026-12-31")
        self.verified(*lines).action_apply()
        self.later(minutes=1)
        self.assertEqual(self.counts(self.verified(*lines)), {"unchanged": 2})

    def test_a_deck_that_was_changed_meanwhile_is_not_overwritten(self):
        rate = self.price("441")
        self.price("442")
        one = self.verified("441,UK,0.02,0,1,1,,", "442,UK,0.02,0,1,1,,")
        rate.price = 0.015
        before = self.whole_deck()
        with self.assertRaisesRegex(UserError, "changed since this file was verified. Verify it again"):
            one.action_apply()
        self.assertEqual(self.whole_deck(), before)
        one.action_verify()
        one.action_apply()
        self.assertEqual(one.state, "applied")

    def test_a_price_that_begins_meanwhile(self):
        self.price("441")
        self.price("441", 0.05, valid_from=NOW + timedelta(minutes=2))
        one = self.verified("441,UK,0.02,0,1,1,,")
        self.later(minutes=5)
        with self.assertRaisesRegex(UserError, "has begun or ended since"):
            one.action_apply()

    def test_prices_that_were_changed_by_hand_are_not_rolled_back(self):
        self.price("441")
        one = self.verified("441,UK,0.02,0,1,1,,", "442,UK,0.02,0,1,1,,")
        one.action_apply()
        self.env["telecom.deck.rate"].search([("carrier_id", "=", self.baltic.id), ("prefix", "=", "442")]).price = 0.4
        before = self.whole_deck()
        with self.assertRaisesRegex(UserError, "1 prices of Baltic .* changed by hand"), self.env.cr.savepoint():
            one.action_roll_back()
        self.assertEqual(self.whole_deck(), before)

    def test_imports_are_rolled_back_in_turn(self):
        first = self.verified("441,UK,0.02,0,1,1,,")
        first.action_apply()
        second = self.verified("441,UK,0.03,0,1,1,,", filename="second.csv")
        second.action_apply()
        with self.assertRaisesRegex(UserError, "second.csv was applied after it"):
            first.action_roll_back()
        second.action_roll_back()
        first.action_roll_back()
        self.assertEqual(self.deck(), [])

    def test_what_is_applied_stays_as_it_is(self):
        one = self.verified("441,UK,0.02,0,1,1,,")
        one.action_apply()
        for values in ({"scope": "partial"}, {"file": False}, {"start": NOW}):
            with self.assertRaisesRegex(UserError, "has been applied"):
                one.write(values)
        with self.assertRaisesRegex(UserError, "rolled back any more|audit trail refers to"):
            one.unlink()
        with self.assertRaisesRegex(UserError, "cannot be verified now"):
            one.action_verify()

    def test_what_it_found_goes_with_an_import(self):
        self.price("441", valid_from=NOW + timedelta(days=9))
        one, other = self.verified("441,UK,0.02,0,1,1,,"), self.verified("442,UK,0.02,0,1,1,,")
        one.unlink()
        self.env.cr.execute(
            "select import_id from telecom_price_change union all select import_id from telecom_price_touch"
        )
        self.assertEqual(self.env.cr.fetchall(), [(other.id,)] * 3)  # 442 is new, 441 closed: a row is taken away

    def test_each_change_counts_the_deck_on(self):
        """What the check 'changed since verified' stands on: every way to a deck moves its count, no other deck's."""
        one = self.upload("Code,Rate\n44,1\n")
        other = self.upload("Code,Rate\n44,1\n", direction="inbound")
        seen, others = [one._version()], other._version()
        rate = self.price("441")
        seen.append(one._version())
        rate.price = 0.3
        self.env.flush_all()
        seen.append(one._version())
        rate.unlink()
        self.env.flush_all()
        seen.append(one._version())
        self.assertEqual(sorted(set(seen)), seen)
        self.assertEqual(other._version(), others)
