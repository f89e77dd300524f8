from unittest.mock import patch

from odoo.addons.telecom_deck_import.models import telecom_price_import_apply, telecom_price_import_verify
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import PricesCase


@tagged("post_install", "-at_install")
class TestJobs(PricesCase):
    """Big imports wait for the job, say how far they are, and survive what ends the server."""

    def setUp(self):
        super().setUp()
        self.steps = []
        self.imports = type(self.env["telecom.price.import"])
        for patched in (
            patch.object(telecom_price_import_verify, "AT_ONCE_BYTES", 10),
            patch.object(telecom_price_import_apply, "AT_ONCE_CHANGES", 0),
            patch.object(self.imports, "_note_progress", lambda one, *step: self.steps.append((one.id, *step))),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            patched.start()
            self.addCleanup(patched.stop)

    def run_job(self):
        self.env["telecom.price.import"]._run_queued()
        self.env.invalidate_all()

    def test_verified_applied_and_rolled_back_by_the_job(self):
        self.price("441")
        before = self.whole_deck()
        one = self.verified("442,UK,0.02,0,1,1,,")
        self.assertEqual(one.state, "verifying")
        self.run_job()
        self.assertEqual((one.state, self.counts(one)), ("verified", {"new": 1, "closed": 1}))
        one.action_apply()
        self.assertEqual((one.state, self.whole_deck()), ("applying", before))
        self.run_job()
        self.assertEqual((one.state, len(self.deck())), ("applied", 2))
        one.action_roll_back()
        self.run_job()
        self.assertEqual((one.state, self.whole_deck()), ("rolled_back", before))
        self.assertIn((one.id, 60, "Comparing"), self.steps)

    def test_a_server_that_died_leaves_nothing_half_done(self):
        """What is uncommitted is gone with its connection: the state still says what is to be done."""
        self.price("441")
        one = self.verified("442,UK,0.02,0,1,1,,")
        self.run_job()
        one.action_apply()
        before = self.whole_deck()

        class Died(BaseException):
            pass

        def dies(*_args):
            raise Died

        with patch.object(self.imports, "_check_written", dies), self.assertRaises(Died), self.env.cr.savepoint():
            self.run_job()
        self.env.invalidate_all()
        self.assertEqual((one.state, self.whole_deck()), ("applying", before))
        self.run_job()
        self.assertEqual(one.state, "applied")

    def test_one_that_fails_does_not_stop_the_others(self):
        first, second = (self.verified(f"44{n},UK,0.02,0,1,1,,") for n in (1, 2))

        verify = self.imports._verify

        def fails(one, progress=None):
            if one == first:
                raise ZeroDivisionError
            return verify(one, progress)

        with patch.object(self.imports, "_verify", fails), self.assertLogs(level="ERROR"):
            self.run_job()
        self.assertEqual((first.state, second.state), ("draft", "verified"))
        self.assertIn("nothing was changed", first.message)

    def test_a_second_import_of_the_deck_is_told_to_wait(self):
        first = self.verified("441,UK,0.02,0,1,1,,", filename="first.csv")
        second = self.verified("442,UK,0.02,0,1,1,,")
        inbound = self.verified("442,UK,0.02,0,1,1,,", direction="inbound")
        self.run_job()
        first.action_apply()
        with self.assertRaisesRegex(UserError, "first.csv is being written .* Wait until that is finished"):
            second.action_apply()
        inbound.action_apply()
        self.run_job()
        self.assertEqual((first.state, inbound.state), ("applied", "applied"))
        with (
            patch.object(telecom_price_import_apply, "AT_ONCE_CHANGES", 9),
            self.assertRaisesRegex(UserError, "Verify it again"),
        ):
            second.action_apply()

    def test_while_it_runs_it_cannot_be_changed(self):
        one = self.verified("441,UK,0.02,0,1,1,,")
        with self.assertRaisesRegex(UserError, "being verified"):
            one.scope = "partial"
        with self.assertRaisesRegex(UserError, "running or applied"):
            one.action_verify()

    def test_it_runs_in_the_name_of_who_asked(self):
        """Rights that were taken away meanwhile are missed by the job."""
        user = new_test_user(
            self.env, login="pricing", groups="telecom_base.group_pricing", company_id=self.owner_company.id,
            company_ids=self.owner_company.ids,
        )  # fmt: skip
        plan = self.env["telecom.rate.plan"].create(
            {"name": "Imported", "company_id": self.owner_company.id, "rounding_method": "half_up"}
        )
        group = self.env["telecom.destination.group"].create({"name": "Utopia"})
        self.env["telecom.destination"].create({"name": "Utopia Fixed", "group_id": group.id, "prefixes": "8882"})
        one = self.upload("Destination,Price\nUtopia Fixed,0.01\n", plan_id=plan.id).with_user(user)
        one.action_verify()
        self.run_job()
        one.action_apply()
        user.group_ids -= self.env.ref("telecom_base.group_pricing")
        self.env.flush_all()
        self.run_job()
        self.assertNotEqual(one.sudo().state, "applied")
        self.assertFalse(plan.rate_ids)
