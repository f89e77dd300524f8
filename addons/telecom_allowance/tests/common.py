from odoo.addons.telecom_base.tests.common import TelecomCase


class AllowanceCase(TelecomCase):
    """The owner's plan has 100 minutes a month to UK fixed lines; the school has this plan, in London's zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.group = env["telecom.destination.group"].create({"name": "UK fixed lines", "in_allowances": True})
        cls.fixed = env["telecom.destination"].create(
            {"name": "UK fixed", "group_id": cls.group.id, "network_type": "fixed"}
        )
        cls.plan = cls.new_plan("Direct", cls.owner)
        cls.monthly = cls.new_allowance(cls.plan, minutes=100)
        cls.block = env["telecom.allowance"].create(
            {
                "name": "Block of 50",
                "kind": "block",
                "company_id": cls.owner.id,
                "currency_id": cls.euro.id,
                "minutes": 50,
                "price": 4.5,
            }
        )
        cls.school.rate_plan_id = cls.plan

    @classmethod
    def new_plan(cls, name, company):
        return cls.env["telecom.rate.plan"].create(
            {"name": name, "company_id": company.id, "currency_id": cls.euro.id, "rounding_method": "half_up"}
        )

    @classmethod
    def new_allowance(cls, plan, **values):
        return cls.env["telecom.allowance"].create({"name": f"Minutes of {plan.name}", "plan_id": plan.id, **values})

    def call(self, function, *args):
        """Run a function of the addon by SQL; flush first."""
        self.env.flush_all()
        self.env.cr.execute(f"SELECT {function}({', '.join(['%s'] * len(args))})", args)
        self.env["telecom.allowance.bucket"]._forget()
        return self.env.cr.fetchone()[0]

    def buckets(self, account):
        return self.env["telecom.allowance.bucket"].search([("account_id", "=", account.id)], order="id")

    def topup(self, account, amount_micro):
        self.call("telecom_wallet_post", account.id, "topup", amount_micro, f"t{account.id}", "Transfer", None)

    def assert_books_are_right(self):
        self.env.cr.execute(
            "SELECT problem FROM telecom_allowance_problems() UNION SELECT problem FROM telecom_wallet_problems()"
        )
        self.assertEqual(self.env.cr.fetchall(), [])
