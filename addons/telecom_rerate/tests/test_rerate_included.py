import json
import random

from odoo import fields
from odoo.tests import tagged

from .common import NUMBER, RerateCase

GIVEN_S = 1_800


@tagged("post_install", "-at_install")
class TestRerateIncluded(RerateCase):
    """Included seconds that a call has used stay used; what it paid for besides is priced anew."""

    def covered(self, number, included_s, net_micro, **terms):
        """One call of 60 s of which Acme's allowance paid some seconds; North pays for all of them."""
        charges = self.two_charges({"included_s": included_s, **terms})
        charges[0] |= {"net_micro": net_micro, "gross_micro": net_micro}
        return self.call_of(number, charges=charges)

    def test_only_the_paid_seconds_are_priced_again(self):
        leg = self.covered(1, 30, 25_000)  # 30 of 60 s at 0.05 a minute
        self.assertEqual(self.previewed().changed_count, 0)
        self.rate.price = 0.08  # Acme pays 0.1
        run = self.previewed()
        self.assertEqual((run.changed_count, run.covered_count, run.fault_count), (1, 1, 0))
        line = self.env["telecom.rerate.line"].search([("run_id", "=", run.id), ("level", "=", 0)])
        self.assertEqual((line.included_s, line.old_gross, line.gross), (30, 0.025, 0.05))
        self.assertEqual(self.sum_of(run, self.north_account).gross, 0.08)
        run.action_apply()
        self.work()
        self.assertEqual(self.amounts(leg, self.acme), [("charge", 25_000), ("refund", -25_000), ("corrected", 50_000)])
        self.assertEqual(self.previewed().changed_count, 0)  # the corrected charge still has its included seconds
        self.rate.price = 0.04
        self.assertEqual(self.sum_of(self.applied(), self.acme).gross, 0.025)
        self.assert_books()

    def test_undo_keeps_the_included_seconds(self):
        self.covered(1, 60, 0)
        self.rate.price = 0.08
        run = self.applied()  # Acme's 60 s are all included: only North's price changes
        self.assertEqual(run.sum_ids.account_id, self.north_account)
        run.action_undo()
        self.work()
        self.assertEqual(run.state, "undone")
        self.rate.price = 0.04
        self.assertEqual(self.previewed().changed_count, 0)
        self.assert_books()

    def test_a_corrected_charge_is_undone_with_its_included_seconds(self):
        leg = self.covered(1, 30, 25_000)
        self.rate.price = 0.08
        run = self.applied()
        run.action_undo()
        self.work()
        self.assertEqual(self.amounts(leg, self.acme)[-2:], [("refund", -50_000), ("corrected", 25_000)])
        self.rate.price = 0.04
        self.assertEqual(self.previewed().changed_count, 0)

    def test_a_call_is_never_dearer_than_with_what_it_had_set_aside(self):
        """Increments that begin from second 58 on cost a fortune: with 30 s set aside one cheap one was left to pay."""
        self.rate.write({"first_increment_s": 30, "next_increment_s": 30, "second_price_from_s": 58, "second_price": 4})
        self.covered(1, 58, 25_000, held_s=30)
        self.assertEqual(self.previewed().changed_count, 0)
        self.rate.price = 0.08
        self.assertEqual(self.sum_of(self.applied(), self.acme).gross, 0.05)
        self.rate.price = 0.04  # the corrected charge still knows both
        self.assertEqual(self.sum_of(self.applied(), self.acme).gross, 0.025)

    def test_used_and_left_are_what_was_given_whatever_the_order(self):
        """Calls, prices, re-ratings and their undoing in an order of chance: the allowance keeps its books, the wallets
        keep theirs, and to re-rate again changes nothing."""
        chance = random.Random(5)  # the same order each time
        allowance = self.new_allowance()
        used_s, corrected, at = 0, 0, f"{fields.Datetime.now().isoformat()}+00:00"  # one month for all
        self.topup(self.acme, 1_000_000)
        for turn in range(1, 21):
            if chance.random() < 0.6:
                used_s += self.call_that_draws(turn, allowance, chance.choice([0, 7, 30, 60]), at)
            else:
                self.rate.price = chance.choice([0.02, 0.04, 0.05, 0.08])
                run = self.previewed()
                if run.changed_count:
                    corrected += 1
                    run.action_apply()
                    self.work()
                    self.assertEqual(self.previewed().changed_count, 0)
                    if chance.random() < 0.5:
                        run.action_undo()
                        self.work()
                        self.assertEqual(run.state, "undone")
            self.assert_allowance(used_s)
        self.assertGreater(used_s, 0)
        self.assertGreater(corrected, 1)

    def new_allowance(self):
        """30 minutes a month of Acme's."""
        return self.env["telecom.allowance"].create(
            {
                "name": "Included",
                "plan_id": self.retail.id,
                "minutes": GIVEN_S // 60,
                "destination_ids": self.place.ids,
            }
        )

    def call_that_draws(self, turn, allowance, seconds, at):
        """A call of 60 s, of which the allowance pays for some; taken as the settlement takes them."""
        reference = f"a-1763935936.{turn}-1"
        self.assertEqual(self.reserve(self.request(reference, [1000], [self.acme]))[0]["outcome"], "taken")
        self.call("telecom_allowance_open", self.acme.ids, allowance.ids, at)
        uses = [{"account": self.acme.id, "allowances": allowance.ids, "seconds": seconds}]
        leg = {
            "leg_uniqueid": f"a-1763935936.{turn}",
            "direction": "outbound",
            "call_ref": reference,
            "answered_at": at,
            "reference": NUMBER,
            "uses": uses,
        }
        self.assertEqual(self.call("telecom_allowance_use", json.dumps([leg])), [[[0, seconds]]])
        price_micro = round(self.rate.price * 1_250_000)  # Acme's, a minute
        self.covered(turn, seconds, price_micro * (60 - seconds) // 60)
        return seconds

    def assert_allowance(self, used_s):
        self.env.cr.execute(
            """
            select coalesce(sum(left_s), %(given)s), coalesce(sum(used_s), 0) from telecom_allowance_bucket b
              left join (select bucket_id, -sum(seconds) as used_s from telecom_allowance_entry
                          where kind = 'used' group by 1) e on e.bucket_id = b.id
             where b.account_id = %(account)s
            """,
            {"given": GIVEN_S, "account": self.acme.id},
        )
        self.assertEqual([int(one) for one in self.env.cr.fetchone()], [GIVEN_S - used_s, used_s])
        self.env.cr.execute("select problem from telecom_allowance_problems()")
        self.assertEqual(self.env.cr.fetchall(), [])
        self.assert_books()
