from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from psycopg2 import IntegrityError

from .common import GAVE_BACK, RerateCase


@tagged("post_install", "-at_install")
class TestReratePosting(RerateCase):
    """What is posted: once, all or nothing, at every level, and back again."""

    def test_a_corrected_price_is_compared_then_charged_at_every_level(self):
        leg = self.call_of(1)
        before = {account: self.balance(account) for account in (self.acme, self.north_account)}
        self.rate.price = 0.06  # North 0.06, Acme 25 % above: 0.075
        run = self.previewed()
        self.assertEqual((run.call_count, run.changed_count, run.fault_count), (1, 1, 0))
        sums = {one.account_id: (one.calls, one.old_gross, one.gross, one.difference) for one in run.sum_ids}
        self.assertEqual(sums[self.acme], (1, 0.05, 0.075, 0.025))
        self.assertEqual(sums[self.north_account], (1, 0.04, 0.06, 0.02))
        lines = self.env["telecom.rerate.line"].search([("run_id", "=", run.id)])
        self.assertEqual(lines.mapped(lambda one: (one.level, one.difference)), [(0, 0.025), (1, 0.02)])
        self.assertEqual({account: self.balance(account) for account in before}, before)  # nothing happened yet

        run.action_apply()
        self.work()
        self.assertEqual(run.state, "applied")
        self.assertEqual(self.amounts(leg, self.acme), GAVE_BACK)
        self.assertEqual(self.balance(self.acme), before[self.acme] - 25_000)
        self.assertEqual(self.balance(self.north_account), before[self.north_account] - 20_000)
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", leg)])
        self.assertEqual(round(record.revenue, 6), 0.06)
        self.assert_books()

    def test_entries_are_two_an_account_and_tell_why(self):
        for number in (1, 2, 3):
            self.call_of(number)
        self.rate.price = 0.02
        run = self.applied()
        entries = self.env["telecom.wallet.entry"].search(
            [("account_id", "=", self.acme.id), ("reference", "=", "Wrong price")], order="id"
        )
        self.assertEqual([(one.kind, one.amount) for one in entries], [("refund", 0.15), ("charge", -0.075)])
        self.assertEqual(self.sum_of(run, self.acme).calls, 3)

    def test_undo_puts_the_charges_back(self):
        leg = self.call_of(1)
        before = self.balance(self.acme)
        self.rate.price = 0.06
        run = self.applied()
        run.action_undo()
        self.work()
        self.assertEqual((run.state, self.balance(self.acme)), ("undone", before))
        self.assertEqual(self.amounts(leg, self.acme), [*GAVE_BACK, ("refund", -75_000), ("corrected", 50_000)])
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", leg)])
        self.assertEqual(round(record.revenue, 6), 0.04)
        self.assert_books()
        with self.assertRaisesRegex(UserError, "Undone already"):
            run.action_undo()
        self.assertEqual(self.previewed().changed_count, 1)  # and the price is as wrong as it was

    def test_a_run_that_another_one_has_overtaken_is_not_undone(self):
        self.call_of(1)
        self.rate.price = 0.06
        first = self.applied()
        self.rate.price = 0.07
        second = self.applied()
        first.action_undo()
        self.work()
        self.assertEqual(first.state, "applied")
        self.assertIn("undo that one first", first.message)
        second.action_undo()
        self.work()
        self.assertEqual(second.state, "undone")
        self.assert_books()

    def test_two_runs_that_were_compared_at_once_do_not_both_post(self):
        leg = self.call_of(1)
        self.rate.price = 0.06
        first, second = self.previewed(), self.previewed()
        for run in (first, second):
            run.action_apply()
        self.work()
        self.assertEqual((first.state, second.state), ("applied", "previewed"))
        self.assertIn("compare again", second.message)
        self.assertEqual(self.amounts(leg, self.acme), GAVE_BACK)
        self.assert_books()

    def test_a_charge_is_given_back_once_whoever_tries(self):
        self.call_of(1)
        self.rate.price = 0.06
        self.applied()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                """insert into telecom_call_charge (record_id, leg_uniqueid, direction, started_at, level, account_id,
                       company_id, net_micro, tax_micro, gross_micro, run_id, refunds_id)
                   select record_id, leg_uniqueid, direction, started_at, level, account_id, company_id, net_micro,
                       tax_micro, gross_micro, 99, refunds_id from telecom_call_charge where refunds_id is not null"""
            )

    def test_a_server_that_died_leaves_nothing_half_done(self):
        leg = self.call_of(1)
        self.rate.price = 0.06
        run = self.previewed()
        run.action_apply()

        class Died(BaseException):
            pass

        whole = type(run).write

        def dies(one, vals):
            if vals.get("state") == "applied":  # everything is posted, nothing committed
                raise Died
            return whole(one, vals)

        with self.assertRaises(Died), patch.object(type(run), "write", dies), self.env.cr.savepoint():
            self.work()
        self.env.invalidate_all()
        self.assertEqual((run.state, self.amounts(leg, self.acme)), ("applying", [("charge", 50_000)]))
        self.work()
        self.assertEqual((run.state, self.amounts(leg, self.acme)), ("applied", GAVE_BACK))
        self.assert_books()
