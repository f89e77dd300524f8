import base64
from unittest.mock import patch

from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.addons.telecom_deck_import.models import telecom_price_import_apply, telecom_price_import_verify
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestPriceLists(TelecomCase):
    """A reseller's administrator brings prices of its own plans from files, and out again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        group = cls.env["telecom.destination.group"].create({"name": "Utopia"})
        cls.fixed = cls.env["telecom.destination"].create(
            {"name": "Utopia Fixed", "group_id": group.id, "prefixes": "99911"}
        )
        cls.own, cls.foreign = (
            cls.env["telecom.rate.plan"].create(
                {"name": name, "company_id": company.id, "base": "explicit", "rounding_method": "half_up"}
            )
            for name, company in (("Retail", cls.north), ("Wholesale", cls.owner))
        )

    def upload(self, *lines, plan=None, **values):
        text = "\n".join(("Destination,Price,Connection Fee", *lines, ""))
        imports = self.env["telecom.price.import"].with_user(self.nora)
        values = {"plan_id": (plan or self.own).id, "file": base64.b64encode(text.encode()), **values}
        return imports.create({"filename": "prices.csv", **values})

    def prices(self):
        self.env.invalidate_all()
        found = self.env["telecom.rate"].search([("plan_id", "=", self.own.id)])
        return [(rate.destination_id.name, rate.price) for rate in found if not rate.valid_to]

    def test_verified_applied_rolled_back_and_given_out(self):
        one = self.upload("Utopia Fixed,0.03,0.01")
        one.action_verify()
        self.assertEqual((one.state, one.new_count), ("verified", 1))
        self.assertEqual(self.prices(), [])
        one.action_apply()
        self.assertEqual((one.state, self.prices()), ("applied", [("Utopia Fixed", 0.03)]))
        plan = self.own.with_user(self.nora)
        export = self.env["telecom.price.export"].with_user(self.nora).create({"plan_id": plan.id, "kind": "csv"})
        export.action_export()
        self.assertIn("Utopia Fixed", base64.b64decode(export.file).decode("utf-8-sig"))
        again = self.upload(plan=self.own, file=export.file)
        again.action_verify()
        self.assertEqual((again.unchanged_count, again.closed_count, again.new_count), (1, 0, 0))
        one.action_roll_back()
        self.assertEqual((one.state, self.prices()), ("rolled_back", []))

    def test_the_job_does_it_with_the_persons_own_rights(self):
        imports = self.env["telecom.price.import"]
        with (
            patch.object(telecom_price_import_verify, "AT_ONCE_BYTES", 1),
            patch.object(telecom_price_import_apply, "AT_ONCE_CHANGES", 0),
            patch.object(type(imports), "_note_progress", lambda *_step: None),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: 0),
        ):
            one = self.upload("Utopia Fixed,0.03,0")
            for verb, state in (("action_verify", "verified"), ("action_apply", "applied")):
                getattr(one, verb)()
                imports._run_queued()
                self.env.invalidate_all()
                self.assertEqual(one.state, state, one.message)
        self.assertEqual(self.prices(), [("Utopia Fixed", 0.03)])

    def test_bad_lines_are_named_and_nothing_is_applied(self):
        one = self.upload("Utopia Fixed,0.03,0", "Atlantis,0.02,0", "Utopia Fixed,-1,0")
        one.action_verify()
        self.assertEqual((one.state, sorted(one.problem_ids.mapped("line"))), ("problems", [3, 4]))
        with self.assertRaisesRegex(UserError, "not verified"):
            one.action_apply()
        self.assertEqual(self.prices(), [])

    def test_plans_of_others_are_out_of_reach(self):
        with self.assertRaises(AccessError):
            self.upload("Utopia Fixed,0.03,0", plan=self.foreign)
        theirs = self.env["telecom.price.import"].create(
            {"plan_id": self.foreign.id, "file": base64.b64encode(b"Destination,Price\nUtopia Fixed,1\n")}
        )
        with self.assertRaises(AccessError):
            theirs.with_user(self.nora).action_verify()
        mine = self.upload("Utopia Fixed,0.03,0")
        with self.assertRaises(AccessError):
            mine.plan_id = self.foreign
        self.assertNotIn(theirs, self.env["telecom.price.import"].with_user(self.nora).search([]))

    def test_support_and_accountants_bring_none(self):
        for role in ("reseller_support", "reseller_accountant"):
            person = self.outsider(role, role, self.north)
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["telecom.price.import"].with_user(person).search([])

    def test_the_plan_leads_to_the_office(self):
        action = self.own.with_user(self.nora).action_open_price_imports()
        self.assertEqual(action["path"], "office-price-lists")
        self.assertEqual(action["context"]["default_plan_id"], self.own.id)
        self.assertEqual(self.own.action_open_price_imports()["path"], "telecom-price-imports")
