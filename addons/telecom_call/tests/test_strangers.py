from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CallCase


@tagged("post_install", "-at_install")
class TestStrangers(CallCase):
    """Carrier, cost and margin are the owner's; a charge is seen by its provider and its customer, no level else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cafe = cls.open_account(cls.north, "Cafe")
        cls.reseller = cls.outsider("north_admin", "reseller_admin", cls.north)
        cls.customer = cls.outsider("acme_user", "customer_user", cls.north, cls.acme.partner_id)

    def setUp(self):
        super().setUp()
        self.settle(
            self.leg(1),
            self.leg(2, charges=[self.charge(0, self.cafe, 1_000), self.charge(1, self.north_account, 900)]),
            self.leg(3, charges=[self.charge(0, self.school, 2_000)]),
        )

    def seen(self, user):
        return self.env["telecom.call.charge"].with_user(user).search([])

    def test_a_reseller_sees_what_it_charges_and_what_it_is_charged(self):
        self.assertEqual(sorted(self.seen(self.reseller).mapped("gross")), [0.0009, 0.001, 0.035, 0.0438])

    def test_a_customer_sees_its_own_calls_only(self):
        charge = self.seen(self.customer)
        self.assertEqual((charge.account_id, charge.gross), (self.acme, 0.0438))
        self.assertEqual(charge.from_number, "442079460101")

    def test_the_callers_own_number_stays_with_its_provider(self):
        self.assertFalse(self.charges().filtered(lambda charge: charge.level == 1).from_number)

    def test_nobody_outside_sees_carriers_and_costs(self):
        for user in (self.reseller, self.customer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["telecom.call.record"].with_user(user).search([])
            charge = self.seen(user)[:1]
            for name in ("record_id", "leg_uniqueid", "level"):
                with self.subTest(user=user.login, name=name), self.assertRaises(AccessError):
                    charge.read([name])

    def test_the_record_rule_stands_even_with_an_access_line(self):
        self.env["ir.model.access"].create(
            {
                "name": "wrong line",
                "model_id": self.env["ir.model"]._get_id("telecom.call.record"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        self.assertFalse(self.env["telecom.call.record"].with_user(self.reseller).search([]))

    def test_a_strangers_charge_is_refused(self):
        foreign = self.charges("a-1763935936.3")
        for user in (self.reseller, self.customer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                foreign.with_user(user).read(["gross"])

    def test_nobody_writes_calls_by_hand(self):
        people = (self.reseller, self.customer, self.staff("support"), self.staff("admin"))
        for user in people:
            for model in ("telecom.call.record", "telecom.call.charge"):
                for operation in ("write", "create", "unlink"):
                    with self.subTest(user=user.login, model=model, operation=operation):
                        self.assertFalse(self.env[model].with_user(user).has_access(operation))
