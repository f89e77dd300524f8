from datetime import datetime, timedelta

from odoo.addons.telecom_call.tests.common import CallCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

PROVIDERS_PRICE = "0.035"  # what North pays for a leg of CallCase; the carrier takes 0.0125
COST = 0.0125


@tagged("post_install", "-at_install")
class TestDashboard(CallCase):
    """Two answered calls of Acme (North's customer), one of the school (the owner's), one that found nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.owner
        partner = cls.env["res.partner"].create({"name": "Seacable", "company_id": company.id, "is_company": True})
        cls.carrier = cls.env["telecom.carrier"].create(
            {"name": "Seacable", "company_id": company.id, "partner_id": partner.id, "currency_id": cls.euro.id}
        )
        cls.trunk = cls.env["telecom.trunk"].create(
            {"name": "Seacable", "carrier_id": cls.carrier.id, "host": "192.0.2.9", "check_s": False}
        )
        group = cls.env["telecom.destination.group"].create({"name": "Isles"})
        cls.isle = cls.env["telecom.destination"].create(
            {"name": "Isle of Test", "group_id": group.id, "network_type": "fixed"}
        )
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        cls.amir = cls.outsider("amir", "customer_admin", cls.north, cls.acme.partner_id)
        cls.lone = cls.outsider("lone", "customer_admin", cls.owner, cls.school.partner_id)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        for account in (self.acme, self.school, self.north_account):
            self.call("telecom_wallet_post", account.id, "topup", 50_000_000, f"dash:{account.id}", "Cash", None)
        route = {"carrier_id": self.carrier.id, "trunk_id": self.trunk.id, "destination_id": self.isle.id}
        self.settle(
            self.recent(1, **route),
            self.recent(2, hours=30, **route),
            self.recent(3, account_id=self.school.id, company_id=self.owner.id, carrier_cost_micro=60_000,
                        charges=[self.charge(0, self.school, 50_000, 10_000)], **route),
            self.recent(4, disposition="failed", hangup_cause=34, answered_at=None, duration_us=0, answered_s=0,
                        carrier_billed_s=None, carrier_cost_micro=None, carrier_currency=None, charges=[], **route),
        )  # fmt: skip

    def recent(self, number, hours=1, **values):
        """Return a leg that began some hours ago."""
        begin = datetime.now().astimezone() - timedelta(hours=hours)
        times = {
            "started_at": begin.isoformat(),
            "answered_at": (begin + timedelta(seconds=5)).isoformat(),
            "ended_at": (begin + timedelta(seconds=80)).isoformat(),
        }
        return self.leg(number, **{**times, **values})

    def dashboard(self, user, companies=None):
        ids = (companies or user.company_ids).ids
        return self.env["telecom.dashboard"].with_user(user).with_context(allowed_company_ids=ids)

    def person(self, group):
        user = self.staff(group)
        user.company_ids += self.north
        return user

    def tiles(self, figures):
        return {one["key"]: one["figure"]["value"] for one in figures["tiles"]}

    def table(self, figures, key):
        found = next(one for one in figures["tables"] if one["key"] == key)
        return [[cell["value"] for cell in row["cells"]] for row in found["rows"]]

    def chart(self, figures, key):
        found = next(one for one in figures["charts"] if one["key"] == key)
        return {one["title"]: one["values"] for one in found["series"]}

    def test_the_owner_sees_calls_sales_cost_and_margin_of_all_ticked_companies(self):
        figures = self.dashboard(self.person("auditor")).figures(7)
        tiles = self.tiles(figures)
        self.assertEqual((tiles["legs"], tiles["minutes"]), (4, 75 * 3 / 60))
        self.assertEqual(tiles["asr"], 0.75)
        self.assertAlmostEqual(tiles["sales_EUR"], 0.035 * 2 + 0.05)
        self.assertAlmostEqual(tiles["cost_EUR"], COST * 2 + 0.06)
        self.assertAlmostEqual(tiles["margin_EUR"], 0.035 * 2 + 0.05 - COST * 2 - 0.06)
        money = self.chart(figures, "money_EUR")
        self.assertAlmostEqual(sum(money["Sales"]), tiles["sales_EUR"])
        self.assertEqual(sum(1 for value in money["Sales"] if value), 2)  # today's and the one of 30 hours ago
        self.assertEqual(self.table(figures, "carriers"), [["Seacable", 4, 0.75, 75.0, 0.25]])
        self.assertEqual(self.table(figures, "destinations"), [["Isle of Test", 4, 0.75, 75.0, 0.25]])
        self.assertAlmostEqual(self.table(figures, "losses")[0][3], -0.01)
        self.assertEqual(self.chart(figures, "causes"), {"Attempts": [1]})

    def test_only_ticked_companies_are_counted(self):
        figures = self.dashboard(self.person("auditor"), self.owner).figures(7)
        self.assertEqual(self.tiles(figures)["legs"], 1)

    def test_each_click_opens_what_was_counted(self):
        user = self.person("auditor")
        figures = self.dashboard(user).figures(7)
        records = self.env["telecom.call.record"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        tiles = {one["key"]: one for one in figures["tiles"]}
        self.assertEqual(records.search_count(tiles["legs"]["open"]["domain"]), 4)
        traffic = next(one for one in figures["charts"] if one["key"] == "traffic")
        found = [records.search_count(target["domain"]) for target in traffic["targets"]]
        self.assertEqual(found, traffic["series"][0]["values"])
        causes = next(one for one in figures["charts"] if one["key"] == "causes")
        self.assertEqual(records.search_count(causes["targets"][0]["domain"]), 1)

    def test_support_sees_no_money_but_balances(self):
        figures = self.dashboard(self.person("support")).figures(7)
        self.assertEqual(self.tiles(figures)["legs"], 4)
        self.assertEqual([one["key"] for one in figures["charts"]], ["traffic", "causes"])
        self.assertNotIn("losses", [one["key"] for one in figures["tables"]])
        self.assertFalse([key for key in self.tiles(figures) if key.startswith(("sales", "cost", "margin"))])

    def test_a_reseller_sees_its_own_level_and_nothing_of_its_provider(self):
        figures = self.dashboard(self.nora).figures(7)
        tiles = self.tiles(figures)
        self.assertEqual((tiles["calls"], tiles["minutes"]), (2, 2.5))
        self.assertAlmostEqual(tiles["sales_EUR"], 0.0438 * 2)
        self.assertAlmostEqual(tiles["paid_EUR"], 0.035 * 2)
        self.assertAlmostEqual(tiles["margin_EUR"], (0.0438 - 0.035) * 2)
        self.assertEqual(self.table(figures, "customers")[0][:2], [self.acme.display_name, 2])
        for word in ("Seacable", "Lighthouse", "0.0125", str(COST * 2)):
            self.assertNotIn(word, str(figures), word)

    def test_a_customer_sees_what_it_spends(self):
        figures = self.dashboard(self.lone).figures(7)
        self.assertEqual(self.tiles(figures), {"calls": 1, "minutes": 1.25, "spent_EUR": 0.06})
        self.assertEqual(len(self.table(figures, "last_calls")), 1)
        self.assertEqual(self.table(figures, "destinations"), [["Isle of Test", 1, 1.25, 0.06]])
        acmes = self.dashboard(self.amir).figures(7)
        self.assertAlmostEqual(self.tiles(acmes)["spent_EUR"], 0.0438 * 2)
        for word in ("Seacable", "North", PROVIDERS_PRICE):
            self.assertNotIn(word, str(acmes), word)

    def test_tiles_of_the_moment(self):
        keys = {one["key"] for one in self.dashboard(self.person("support")).now()}
        self.assertEqual(keys, {"live", "trunks", "nodes", "findings"})
        own = {one["key"]: one["figure"]["value"] for one in self.dashboard(self.nora).now()}
        self.assertAlmostEqual(own["own_account"], 550 - 0.035 * 2)
        left = {one["key"]: one["figure"]["value"] for one in self.dashboard(self.amir).now()}
        self.assertAlmostEqual(left[f"account_{self.acme.id}"], 50 - 0.0438 * 2)

    def test_who_is_about_to_run_out_is_named(self):
        self.call("telecom_wallet_post", self.acme.id, "adjustment", -48_000_000, "dash:less", "Less", None)
        self.env.invalidate_all()
        figures = self.dashboard(self.nora).figures(7)
        self.assertEqual([row[0] for row in self.table(figures, "near_zero")], [self.acme.name])

    def test_a_route_that_fails_is_named(self):
        route = {"carrier_id": self.carrier.id, "trunk_id": self.trunk.id, "disposition": "failed", "charges": [],
                 "destination_id": self.isle.id}  # fmt: skip
        self.assertEqual(self.table(self.dashboard(self.person("support")).figures(7), "failing"), [])
        self.settle(*(self.recent(10 + i, hangup_cause=38, answered_at=None, **route) for i in range(9)))
        figures = self.dashboard(self.env["res.users"].search([("login", "=", "staff_support")])).figures(7)
        self.assertEqual(self.table(figures, "failing")[0][2:], [13, 10 / 13])

    def test_no_calls_is_said(self):
        nobody = self.outsider("newcomer", "reseller_admin", self.env["res.company"].create({"name": "New"}))
        figures = self.dashboard(nobody).figures(30)
        self.assertTrue(figures["empty"])
        self.assertEqual(self.tiles(figures)["calls"], 0)

    def test_others_have_none_and_other_periods_are_refused(self):
        portal = self.outsider("visitor", "customer_user", self.north, self.acme.partner_id)
        portal.group_ids = self.env.ref("base.group_portal")
        with self.assertRaisesRegex(AccessError, "no dashboard for you"):
            self.dashboard(portal).figures(7)
        with self.assertRaisesRegex(UserError, "7, 30 or 90 days, not 3650"):
            self.dashboard(self.nora).figures(3650)
