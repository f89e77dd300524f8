from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RatingCase

MODELS = (
    "telecom.destination.group",
    "telecom.destination",
    "telecom.destination.prefix",
    "telecom.rate.plan",
    "telecom.rate",
    "telecom.rate.preview",
    "telecom.price.list.line",
)
# Customers choose destinations where they bar calls; a destination by itself says nothing of prices or people.
NAMES = ("telecom.destination.group", "telecom.destination")


@tagged("post_install", "-at_install")
class TestStrangers(RatingCase):
    """A reseller sees its own prices, never its provider's or another reseller's; a customer sees none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.env["res.company"].create({"name": "South Voice", "currency_id": cls.euro.id})
        cls.south_account = cls.open_account(cls.owner, "South Voice", mode="postpaid")
        cls.env["telecom.tenant"].create(
            {"company_id": cls.south.id, "parent_id": cls.owner_tenant.id, "account_id": cls.south_account.id}
        )
        cls.south_plan = cls.add_plan(cls.south, "South Plan", base="parent", default_method="percent")
        cls.reseller = cls.outsider("rating_north", "reseller_admin", cls.north)
        cls.customer = cls.outsider("rating_acme", "customer_admin", cls.north, cls.acme.partner_id)

    def test_a_reseller_reads_its_own_plans_only(self):
        plans = self.env["telecom.rate.plan"].with_user(self.reseller)
        self.assertEqual(plans.search([]), self.standard)
        self.assertEqual(self.env["telecom.rate"].with_user(self.reseller).search([]), self.markup)
        for foreign in (self.wholesale, self.south_plan):
            with self.subTest(plan=foreign.name), self.assertRaises(AccessError):
                foreign.with_user(self.reseller).read(["name", "default_percent"])
            with self.assertRaises(AccessError):
                foreign.with_user(self.reseller).action_price_list()

    def test_a_reseller_does_not_preview(self):
        """The preview reads the provider's prices with raised rights: it is for staff."""
        with self.assertRaises(AccessError):
            self.env["telecom.rate.preview"].with_user(self.reseller).create({"plan_id": self.wholesale.id})

    def test_a_customer_reads_no_prices(self):
        for model in set(MODELS) - set(NAMES):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.customer).search([])

    def test_nobody_outside_writes(self):
        for user in (self.outsider("rating_support", "reseller_support", self.north), self.customer):
            for model in MODELS:
                for operation in ("write", "create", "unlink"):
                    with self.subTest(user=user.login, model=model, operation=operation):
                        self.assertFalse(self.env[model].with_user(user).has_access(operation))

    def test_staff_in_one_company_cannot_point_at_another(self):
        support = self.staff("support")
        north_only = {"allowed_company_ids": self.north.ids}
        with self.assertRaises(UserError):  # by the fence of telecom_isolation, or without it here
            self.acme.with_user(support).with_context(**north_only).rate_plan_id = self.south_plan
        with self.assertRaises(AccessError):
            self.south_plan.with_user(support).with_context(**north_only).read(["name"])

    def test_staff_preview_shows_only_the_levels_of_their_companies(self):
        pricing = self.staff("pricing")
        previews = self.env["telecom.rate.preview"].with_user(pricing)
        values = {"plan_id": self.standard.id, "number": "+999207946", "seconds": 75}
        both = previews.with_context(allowed_company_ids=[self.owner.id, self.north.id]).create(values)
        self.assertIn("Wholesale", both.explanation)
        north_only = previews.with_context(allowed_company_ids=self.north.ids).create(values)
        self.assertEqual(north_only.cost, 0.0438)
        self.assertNotIn("Wholesale", north_only.explanation)
        with self.assertRaises(AccessError):
            self.assertFalse(previews.with_context(allowed_company_ids=self.south.ids).create(values).cost)

    def test_staff_by_role(self):
        for group, *may in (
            ("pricing", True, True),
            ("admin", True, True),
            ("auditor", True, False),
            ("support", False, False),
        ):
            rates = self.env["telecom.rate"].with_user(self.staff(group))
            with self.subTest(group=group):
                self.assertEqual([rates.has_access("read"), rates.has_access("write")], may)

    def test_previews_and_lists_are_ones_own(self):
        self.standard.action_price_list()
        mine = self.preview(self.standard, "+999207946", 60)
        pricing = self.staff("pricing")
        self.assertFalse(self.env["telecom.price.list.line"].with_user(pricing).search([]))
        with self.assertRaises(AccessError):
            mine.with_user(pricing).read(["number"])
