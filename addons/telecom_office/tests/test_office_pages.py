from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.tests import HttpCase, tagged

PASSWORD = "long-enough-for-tests"


@tagged("post_install", "-at_install")
class TestOfficePages(HttpCase, TelecomCase):
    """Who gets which page: the office, the plain pages, or their own place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        cls.amir = cls.outsider("amir", "customer_admin", cls.north, cls.acme.partner_id)
        cls.lone = cls.outsider("lone", "customer_user", cls.owner, cls.school.partner_id)
        (cls.nora | cls.amir | cls.lone).password = PASSWORD
        cls.env.flush_all()
        cls.env.cr.execute(
            "SELECT telecom_wallet_post(%s, 'topup', 7250000, 'office', 'Paid in cash', NULL)", [cls.acme.id]
        )

    def page(self, login, path):
        self.authenticate(login, PASSWORD)
        return self.url_open(path)

    def test_resellers_and_customers_have_an_office_of_their_own_company(self):
        for login, there, absent in (
            ("nora", "office-customers", None),
            ("amir", "office-accounts", "office-customers"),
        ):
            with self.subTest(login):
                answer = self.page(login, "/office")
                self.assertEqual(answer.status_code, 200)
                self.assertIn(there, answer.text)
                self.assertIn("North Voice", answer.text)
                self.assertNotIn(absent or self.owner.name, answer.text)
                self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_staff_and_visitors_are_sent_where_they_belong(self):
        staff = self.staff("support")
        staff.password = PASSWORD
        self.authenticate(staff.login, PASSWORD)
        self.assertRegex(self.url_open("/office", allow_redirects=False).headers["Location"], "/odoo$")
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/office").url)

    def test_accounts_are_found_by_the_customers_name(self):
        accounts = self.env["telecom.billing.account"].with_user(self.nora)
        for words in ("Acme Trading", "acme", self.acme.number):
            with self.subTest(words):
                self.assertIn(self.acme.id, dict(accounts.name_search(words)))
                self.assertIn(self.acme, accounts.search([("name", "ilike", words)]))

    def test_a_customer_reads_its_balance_and_statement(self):
        accounts = self.page("amir", "/my/accounts").text
        self.assertIn("Acme Trading", accounts)
        self.assertIn("7.25", accounts)
        statement = self.url_open("/my/statement").text
        self.assertIn("Paid in cash", statement)
        self.assertIn("No calls yet", self.url_open("/my/calls").text)

    def test_nobody_reads_anothers(self):
        for path in ("/my/accounts", "/my/statement", "/my/calls"):
            text = self.page("lone", path).text
            for word in ("Acme", "North", "7.25", "Paid in cash"):
                with self.subTest(path=path, word=word):
                    self.assertNotIn(word, text)

    def test_pages_of_customers_are_for_customers(self):
        for path in ("/my/accounts", "/my/statement", "/my/calls"):
            self.assertRegex(self.page("nora", path).url, "/my(/home)?$")

    def test_a_page_beyond_the_last_is_the_last(self):
        self.assertIn("Paid in cash", self.page("amir", "/my/statement/page/999").text)
