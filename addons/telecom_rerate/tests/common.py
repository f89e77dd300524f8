from unittest.mock import patch

from odoo.addons.telecom_call.tests.common import CallCase

NUMBER = "888110001"
GAVE_BACK = [("charge", 50_000), ("refund", -50_000), ("corrected", 75_000)]


class RerateCase(CallCase):
    """Acme calls a number at 0.05 a minute, its reseller North pays 0.04: 60 s each, settled as the bridge does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        group = env["telecom.destination.group"].create({"name": "Rerate Lands"})
        cls.place = env["telecom.destination"].create(
            {"name": "Rerate Land", "group_id": group.id, "network_type": "fixed"}
        )
        env["telecom.destination.prefix"].create({"prefix": "88811", "destination_id": cls.place.id})
        cls.wholesale = cls.plan(cls.owner, "Wholesale", base="explicit")
        cls.retail = cls.plan(cls.north, "Retail", base="parent", default_method="percent", default_percent=25)
        cls.rate = env["telecom.rate"].create(
            {
                "plan_id": cls.wholesale.id,
                "destination_id": cls.place.id,
                "method": "fixed",
                "price": 0.04,
                "first_increment_s": 1,
                "next_increment_s": 1,
            }
        )
        cls.north_account.rate_plan_id = cls.wholesale
        cls.acme.rate_plan_id = cls.retail
        env.flush_all()

    def setUp(self):
        super().setUp()
        self.steps = []
        for patched in (
            patch.object(type(self.runs()), "_note_progress", lambda run, *step: self.steps.append(step)),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            patched.start()
            self.addCleanup(patched.stop)

    @classmethod
    def plan(cls, company, name, **values):
        return cls.env["telecom.rate.plan"].create(
            {
                "name": name,
                "company_id": company.id,
                "currency_id": cls.euro.id,
                "direction": "outbound",
                "timezone": "UTC",
                "rounding_method": "half_up",
                "rounding_decimals": 4,
                **values,
            }
        )

    def runs(self):
        return self.env["telecom.rerate.run"]

    def two_charges(self, terms=None, tax_micro=0):
        return [
            self.charge(
                0, self.acme, 50_000, tax_micro, billed_s=60, plan_id=self.retail.id, terms=terms or {}
            ),
            self.charge(1, self.north_account, 40_000, billed_s=60, plan_id=self.wholesale.id),
        ]  # fmt: skip

    def call_of(self, number, *, charges=None, authorised_at="2025-11-23T22:12:16+00:00", **values):
        """One settled call of 60 s; returns the leg's unique id."""
        leg = self.leg(
            number, charges=charges or self.two_charges(), e164=NUMBER, dialled=NUMBER, answered_s=60,
            duration_us=60_000_000, destination_id=self.place.id, terms={"authorised_at": authorised_at}, **values,
        )  # fmt: skip
        self.assertEqual(self.settle(leg), ["settled"])
        return leg["leg_uniqueid"]

    def run_of(self, **values):
        return self.runs().create(
            {
                "name": "Wrong price",
                "company_id": self.owner.id,
                "date_from": "2025-11-01 00:00:00",
                "date_to": "2025-12-01 00:00:00",
                **values,
            }
        )

    def work(self):
        """What the scheduled action does."""
        self.env.flush_all()
        self.runs()._run_queued()
        self.env.invalidate_all()

    def previewed(self, **values):
        run = self.run_of(**values)
        run.action_preview()
        self.work()
        self.assertEqual((run.state, run.message), ("previewed", False))
        return run

    def applied(self, **values):
        run = self.previewed(**values)
        run.action_apply()
        self.work()
        self.assertEqual((run.state, run.message), ("applied", False))
        return run

    def sum_of(self, run, account):
        return run.sum_ids.filtered(lambda one: one.account_id == account)

    def balance(self, account):
        self.env.cr.execute("select balance_micro from telecom_wallet where account_id = %s", [account.id])
        return self.env.cr.fetchone()[0]

    def amounts(self, leg, account):
        """Kinds and gross amounts of the charges of an account for a leg, oldest first."""
        charges = self.env["telecom.call.charge"].search(
            [("leg_uniqueid", "=", leg), ("account_id", "=", account.id)], order="id"
        )
        return [(one.kind, round(one.gross * 1_000_000)) for one in charges]

    def assert_books(self):
        """Balances are the sums of their entries, and each entry of a correction is what its charges say."""
        self.env.cr.execute("select * from telecom_wallet_problems()")
        self.assertEqual(self.env.cr.fetchall(), [])
        self.env.cr.execute(
            """
            select entry.id from telecom_wallet_entry entry
              join telecom_call_charge charge on charge.entry_id = entry.id
             group by entry.id having -entry.amount_micro <> sum(charge.gross_micro)
            """
        )
        self.assertEqual(self.env.cr.fetchall(), [])
