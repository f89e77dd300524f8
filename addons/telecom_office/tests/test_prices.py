import csv
import io

from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.tests import HttpCase, tagged

PASSWORD = "long-enough-for-tests"


@tagged("post_install", "-at_install")
class TestPrices(HttpCase, TelecomCase):
    """Acme buys from North at 25 % above what North pays the owner: 0.02 a minute. North's tax is 20 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        cls.amir = cls.outsider("amir", "customer_user", cls.north, cls.acme.partner_id)
        cls.lone = cls.outsider("lone", "customer_user", cls.owner, cls.school.partner_id)
        (cls.nora | cls.amir | cls.lone).password = PASSWORD
        group = cls.env["telecom.destination.group"].create({"name": "Utopia"})
        cls.fixed, cls.island = (
            cls.env["telecom.destination"].create({"name": name, "group_id": group.id, "prefixes": prefix})
            for name, prefix in (("Utopia Fixed", "99911"), ("Utopia Island", "99912"))
        )
        wholesale = cls.plan(cls.owner, "Wholesale Secret")
        cls.env["telecom.rate"].create(
            {"plan_id": wholesale.id, "destination_id": cls.fixed.id, "price": 0.02, "connect_fee": 0.01}
        )
        cls.north_account.rate_plan_id = wholesale
        cls.acme.rate_plan_id = cls.plan(
            cls.north, "Retail Secret", base="parent", default_method="percent", default_percent=25.0
        )
        place = {"name": "VAT", "company_id": cls.north.id, "country_id": cls.env.ref("base.uk").id}
        group = cls.env["account.tax.group"].create(place)
        cls.acme.tax_ids = cls.env["account.tax"].create(
            {**place, "amount": 20.0, "type_tax_use": "sale", "tax_group_id": group.id}
        )

    @classmethod
    def plan(cls, company, name, **values):
        return cls.env["telecom.rate.plan"].create(
            {"company_id": company.id, "name": name, "currency_id": cls.euro.id, "rounding_method": "half_up", **values}
        )

    def page(self, login, path):
        self.authenticate(login, PASSWORD)
        return self.url_open(path)

    def file(self, login, query=""):
        answer = self.page(login, f"/my/prices/download?kind=csv{query}")
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def test_a_customer_finds_its_own_price_without_and_with_tax(self):
        text = self.page("amir", "/my/prices?search=utopia").text
        self.assertIn("Utopia Fixed", text)
        self.assertIn("0.0250", text)
        self.assertIn("0.0300", text)
        self.assertIn("cannot be called", text)  # the island
        self.assertNotIn("0.0200", text)
        self.assertNotIn("Secret", text)
        self.assertIn("No destination has", self.page("amir", "/my/prices?search=atlantis").text)

    def test_what_a_call_to_a_number_costs(self):
        """A fee of 0.0125 and two minutes of 0.025: 0.0625, with 20 % tax 0.075."""
        text = self.page("amir", "/my/prices?number=00999 11 2345&seconds=120".replace(" ", "%20")).text
        self.assertIn("0.0625", text)
        self.assertIn("0.0750", text)
        for number, seconds, words in (
            ("00999122345", "60", "cannot be called"),
            ("hello", "60", "is not a number"),
            ("00999112345", "999999", "0 to 86,400"),
            ("00999112345", "-1", "0 to 86,400"),
            ("00999112345", "x", "0 to 86,400"),
        ):
            with self.subTest(number=number, seconds=seconds):
                answer = self.url_open(f"/my/prices?number={number}&seconds={seconds}")
                self.assertEqual(answer.status_code, 200)
                self.assertIn(words, answer.text)

    def test_the_list_as_a_file(self):
        rows = [row for row in self.file("amir") if row["Destination"].startswith("Utopia")]
        self.assertEqual([row["Destination"] for row in rows], ["Utopia Fixed"])
        row = rows[0]
        self.assertEqual((row["Prefixes"], row["Currency"]), ("99911", self.euro.name))
        self.assertEqual(float(row["Price per Minute"]), 0.025)
        self.assertEqual(float(row["Price per Minute with Tax"]), 0.03)
        answer = self.url_open("/my/prices/download?kind=xlsx")
        self.assertEqual(answer.content[:2], b"PK")
        self.assertIn("prices-", answer.headers["Content-Disposition"])

    def test_a_reseller_finds_what_it_pays_itself(self):
        text = self.page("nora", "/my/prices?search=utopia").text
        self.assertIn("0.0200", text)
        self.assertNotIn("0.0250", text)
        self.assertNotIn("Secret", text)

    def test_nobody_finds_anothers_prices(self):
        for query in ("", f"&account={self.acme.id}", "&account=x"):
            with self.subTest(query=query):
                self.assertEqual(
                    [row for row in self.file("lone", query) if row["Destination"].startswith("Utopia")], []
                )
                text = self.page("lone", f"/my/prices?search=utopia{query}").text
                self.assertNotIn("0.0250", text)
                self.assertNotIn("Acme", text)
