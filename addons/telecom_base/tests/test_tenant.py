from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import TelecomCase


@tagged("post_install", "-at_install")
class TestTenant(TelecomCase):
    def test_a_reseller_hangs_below_its_provider_and_is_its_customer(self):
        self.assertEqual(self.north_tenant.partner_id.name, "North Voice")
        self.assertEqual(self.north_tenant.name, "North Voice")
        self.assertIn(self.north_tenant, self.owner_tenant.child_ids)
        self.assertEqual(self.north_account.customer_company_id, self.north)
        self.assertEqual(self.north_tenant.account_count, 1)

    def test_there_is_one_owner_only(self):
        company = self.env["res.company"].create({"name": "Second Owner"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["telecom.tenant"].create({"company_id": company.id})
            self.env.flush_all()

    def test_a_company_is_one_tenant(self):
        other = self.open_account(self.owner, "Other")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["telecom.tenant"].create(
                {"company_id": self.north.id, "parent_id": self.owner_tenant.id, "account_id": other.id}
            )
            self.env.flush_all()

    def test_a_reseller_without_an_account_is_refused(self):
        company = self.env["res.company"].create({"name": "Free Rider"})
        with self.assertRaisesRegex(ValidationError, "Choose the billing account"):
            self.env["telecom.tenant"].create({"company_id": company.id, "parent_id": self.owner_tenant.id})

    def test_an_account_of_another_provider_is_refused(self):
        company = self.env["res.company"].create({"name": "Wrong Account"})
        with self.assertRaisesRegex(ValidationError, "is not an account of"):
            self.env["telecom.tenant"].create(
                {"company_id": company.id, "parent_id": self.owner_tenant.id, "account_id": self.acme.id}
            )

    def test_the_owner_buys_from_nobody(self):
        with self.assertRaisesRegex(ValidationError, "buys from nobody"):
            self.owner_tenant.account_id = self.school

    def test_a_tenant_stays_where_it_is(self):
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.north_tenant.parent_id = self.north_tenant
        self.north_tenant.write({"parent_id": self.owner_tenant.id})  # the same again is no change

    def test_levels_have_a_limit(self):
        tenant = self.north_tenant
        for level in range(2, 10):
            company = self.env["res.company"].create({"name": f"Level {level}", "currency_id": self.euro.id})
            account = self.open_account(tenant.company_id, f"Level {level}")
            values = {"company_id": company.id, "parent_id": tenant.id, "account_id": account.id}
            tenant = self.env["telecom.tenant"].create(values)
        company = self.env["res.company"].create({"name": "Too deep"})
        account = self.open_account(tenant.company_id, "Too deep")
        with self.assertRaisesRegex(ValidationError, "at most 9 levels"):
            self.env["telecom.tenant"].create(
                {"company_id": company.id, "parent_id": tenant.id, "account_id": account.id}
            )

    def test_owner_and_used_resellers_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "owner of the system"):
            self.owner_tenant.unlink()
        with self.assertRaisesRegex(UserError, "has customer accounts"):
            self.north_tenant.unlink()

    def test_staff_may_choose_the_companies_of_all_tenants(self):
        support = self.staff("support")
        self.assertIn(self.north, support.company_ids)
        company = self.env["res.company"].create({"name": "South Voice", "currency_id": self.euro.id})
        account = self.open_account(self.owner, "South Voice")
        self.env["telecom.tenant"].create(
            {"company_id": company.id, "parent_id": self.owner_tenant.id, "account_id": account.id}
        )
        self.assertIn(company, support.company_ids)

    def test_a_user_who_becomes_staff_later_gets_them_too(self):
        user = self.env["res.users"].create(
            {"name": "Late", "login": "late", "company_id": self.owner.id, "company_ids": [(6, 0, self.owner.ids)]}
        )
        self.assertNotIn(self.north, user.company_ids)
        user.group_ids = [(4, self.env.ref("telecom_base.group_auditor").id)]
        self.assertIn(self.north, user.company_ids)

    def test_a_company_can_be_taken_from_a_person_of_the_staff(self):
        support = self.staff("support")
        support.company_ids = [(6, 0, self.owner.ids)]
        self.assertEqual(support.company_ids, self.owner)
        support.group_ids = [(4, self.env.ref("telecom_base.group_pricing").id)]
        self.assertEqual(support.company_ids, self.owner)

    def test_a_reseller_whose_company_is_not_selected_keeps_its_accounts(self):
        admin = self.staff("admin")
        tenant = self.north_tenant.with_user(admin).with_context(allowed_company_ids=self.owner.ids)
        self.assertEqual(tenant.account_count, 1)
        with self.assertRaisesRegex(UserError, "has customer accounts"):
            tenant.unlink()

    def test_the_accounts_button_ticks_the_resellers_company(self):
        params = self.north_tenant.action_open_accounts()["params"]
        self.assertEqual(params["company_id"], self.north.id)
        accounts = self.env["telecom.billing.account"].search(params["action"]["domain"])
        self.assertEqual(accounts, self.acme)
