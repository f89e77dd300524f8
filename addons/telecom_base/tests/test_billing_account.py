from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import TelecomCase


@tagged("post_install", "-at_install")
class TestBillingAccount(TelecomCase):
    def test_numbers_count_up_within_each_company(self):
        self.assertEqual(self.acme.number, "A100001")
        second = self.open_account(self.north, "Harbour Cafe")
        third = self.open_account(self.north, "Mill")
        self.assertRegex(second.number, "^A1000[0-9]{2}$")
        self.assertEqual(int(third.number[1:]), int(second.number[1:]) + 1)
        self.assertEqual(second.name, f"{second.number} Harbour Cafe")

    def test_a_number_from_an_old_system_is_kept(self):
        self.assertEqual(self.open_account(self.north, "Moved", number="K77").number, "K77")

    def test_a_number_is_unique_within_a_company(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.open_account(self.north, "Twin", number="A100001")

    def test_bad_numbers_are_refused(self):
        for number in ("100", "a100", "A 100", "A1-2", "A12345678901234567", "Ä1", "A1\n"):
            with self.subTest(number=number), self.assertRaisesRegex(ValidationError, "cannot be an account number"):
                self.open_account(self.north, "Bad", number=number)

    def test_a_contact_of_another_company_or_of_none_is_refused(self):
        for company in (self.owner, self.env["res.company"]):
            partner = self.env["res.partner"].create({"name": "Elsewhere", "company_id": company.id})
            with self.assertRaisesRegex(ValidationError, "does not belong to North Voice"):
                self.env["telecom.billing.account"].create(
                    {"company_id": self.north.id, "partner_id": partner.id, "country_id": self.country.id}
                )

    def test_a_contact_without_a_company_becomes_the_owners_customer(self):
        partner = self.env["res.partner"].create({"name": "Common", "company_id": False})
        accountant = self.staff("accountant")
        values = {"company_id": self.owner.id, "partner_id": partner.id, "country_id": self.country.id}
        self.env["telecom.billing.account"].with_user(accountant).create(values)
        self.assertEqual(partner.company_id, self.owner)

    def test_a_customer_stays_in_its_company(self):
        with self.assertRaisesRegex(ValidationError, "its company stays as it is"):
            self.acme.partner_id.company_id = self.owner

    def test_a_company_that_is_no_tenant_has_no_accounts(self):
        company = self.env["res.company"].create({"name": "No Telephony"})
        with self.assertRaisesRegex(ValidationError, "does not sell telephony"):
            self.open_account(company, "Nobody", number="A1")

    def test_prepaid_has_no_credit(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.open_account(self.north, "Wrong", mode="prepaid", credit_limit=5.0)

    def test_a_negative_limit_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.open_account(self.north, "Wrong", mode="postpaid", credit_limit=-1.0)

    def test_a_limit_is_exact_or_refused(self):
        account = self.open_account(self.north, "Exact", mode="postpaid", credit_limit=12.345678)
        self.env.cr.execute("SELECT credit_limit FROM telecom_billing_account WHERE id = %s", [account.id])
        self.assertEqual(str(self.env.cr.fetchone()[0]), "12.345678")
        for limit in (0.0000001, 1.2345678, 1e13, float("nan"), float("inf")):
            with self.subTest(limit=limit), self.assertRaisesRegex(ValidationError, "at most 6 decimals"):
                account.write({"credit_limit": limit})

    def test_what_charges_rest_on_does_not_change(self):
        dollar = self.env.ref("base.USD")
        for name, value in (("company_id", self.owner.id), ("currency_id", dollar.id), ("number", "B1")):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "stays as it is"):
                self.acme.write({name: value})
        self.acme.write({"currency_id": self.euro.id})  # the same again is no change

    def test_states(self):
        self.acme.action_suspend()
        self.assertEqual(self.acme.state, "suspended")
        self.acme.action_activate()
        self.acme.action_close()
        with self.assertRaisesRegex(UserError, "closed for ever"):
            self.acme.action_activate()

    def test_the_form_opens_an_account(self):
        accountant = self.staff("accountant")
        company = self.owner
        partner = self.env["res.partner"].create({"name": "By Hand", "company_id": company.id})
        form = Form(self.env["telecom.billing.account"].with_user(accountant).with_company(company))
        form.partner_id = partner
        form.mode = "postpaid"
        form.credit_limit = 25.5
        form.country_id = self.country
        account = form.save()
        self.assertEqual((account.credit_limit, account.currency_id), (25.5, company.currency_id))
        form = Form(account)
        form.mode = "prepaid"
        self.assertEqual(form.credit_limit, 0.0)
        form.save()
