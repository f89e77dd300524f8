"""A first customer, set up by the people whose task it is, each with the rights of their role only."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSetUpByHand(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
        cls.people = {
            role: new_test_user(cls.env, f"hand_{role}", groups=f"telecom_base.group_{role}", company_id=cls.owner.id)
            for role in ("support", "pricing", "accountant", "auditor")
        }

    def model(self, role, name):
        return self.env[name].with_user(self.people[role]).with_context(allowed_company_ids=self.owner.ids)

    def rows(self, query, *parameters):
        self.env.flush_all()
        self.env.cr.execute(query, parameters)
        return self.env.cr.fetchall()

    def add_price(self):
        """The pricing manager sells a destination and buys it from a carrier."""
        group = self.model("pricing", "telecom.destination.group").create({"name": "Hand"})
        destination = self.model("pricing", "telecom.destination").create(
            {"name": "Handland", "group_id": group.id, "network_type": "fixed"}
        )
        self.model("pricing", "telecom.destination.prefix").create(
            {"prefix": "88822", "destination_id": destination.id}
        )
        plan = self.model("pricing", "telecom.rate.plan").create(
            {"name": "By hand", "base": "explicit", "rounding_method": "half_up", "rounding_decimals": 4}
        )
        self.model("pricing", "telecom.rate").create(
            {"plan_id": plan.id, "destination_id": destination.id, "price": 0.05, "first_increment_s": 60}
        )
        return plan

    def add_carrier(self):
        carrier = self.model("pricing", "telecom.carrier").create({"name": "Hand Carrier"})
        self.model("pricing", "telecom.trunk").create(
            {"name": "Hand trunk", "carrier_id": carrier.id, "host": "192.0.2.20", "port": 5060}
        )
        self.model("pricing", "telecom.deck.rate").create({"carrier_id": carrier.id, "prefix": "88822", "price": 0.02})
        return carrier

    def add_customer(self, plan):
        partner = self.model("support", "res.partner").create({"name": "Hand Customer", "company_id": self.owner.id})
        return self.model("support", "telecom.billing.account").create(
            {
                "partner_id": partner.id,
                "country_id": self.env.ref("base.uk").id,
                "tz": "Europe/London",
                "rate_plan_id": plan.id,
            }
        )

    def test_each_role_does_its_part_and_the_switch_sees_it(self):
        plan = self.add_price()
        carrier = self.add_carrier()
        account = self.add_customer(plan)
        phone = self.model("support", "telecom.phone").create(
            {"account_id": account.id, "name": "Desk", "extension": "101"}
        )
        phone.action_new_password()
        self.model("support", "telecom.number").create(
            {
                "e164": "+44 20 7946 0777",
                "account_id": account.id,
                "target_id": self.model("support", "telecom.dial.target").search([("phone_id", "=", phone.id)]).id,
            }
        )
        self.model("accountant", "telecom.wallet.topup").create(
            {"account_id": account.id, "amount": 12.5, "reference": "Transfer 77"}
        ).action_post()

        self.assertEqual(
            self.rows("select mode, state, plan_id from switch_v1_account where account_id = %s", account.id),
            [("prepaid", "active", plan.id)],
        )
        self.assertEqual(
            self.rows("select balance_micro from telecom_wallet where account_id = %s", account.id), [(12_500_000,)]
        )
        self.assertEqual(
            self.rows("select target_endpoint from switch_v1_number where e164 = '442079460777'"),
            [(phone.sip_username,)],
        )
        self.assertEqual(self.rows("select count(*) from asterisk.ps_auths where id = %s", phone.sip_username), [(1,)])
        self.assertEqual(
            self.rows("select bands->0->'steps' from switch_v1_rate where plan_id = %s", plan.id),
            [
                (
                    [
                        {"from_s": 0, "price_micro": 50_000, "price_unit_s": 60, "increment_s": 60},
                        {"from_s": 60, "price_micro": 50_000, "price_unit_s": 60, "increment_s": 1},
                    ],
                )
            ],
        )
        self.assertEqual(
            self.rows("select prefix, price_micro from switch_v1_deck_rate where carrier_id = %s", carrier.id),
            [("88822", 20_000)],
        )

    def test_nobody_does_the_part_of_another_role(self):
        plan = self.add_price()
        account = self.add_customer(plan)
        for role, name, values in (
            ("support", "telecom.rate.plan", {"name": "Mine"}),
            ("support", "telecom.carrier", {"name": "Mine"}),
            ("support", "telecom.wallet.topup", {"account_id": account.id, "amount": 1}),
            ("pricing", "telecom.phone", {"account_id": account.id, "name": "x", "extension": "102"}),
            ("pricing", "telecom.wallet.topup", {"account_id": account.id, "amount": 1}),
            ("accountant", "telecom.rate.plan", {"name": "Mine"}),
            ("auditor", "telecom.number", {"e164": "442079460778"}),
            ("auditor", "telecom.billing.account", {"partner_id": account.partner_id.id}),
        ):
            with self.subTest(role=role, model=name), self.assertRaises(AccessError):
                self.model(role, name).create(values)
