from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

COMMON = ("res.partner", "product.template", "product.product")
"""Models whose new rows belong to no company in Odoo."""


@tagged("post_install", "-at_install")
class TestCommonRows(TelecomCase):
    """What has no company is common to the owner's companies, as in Odoo; nobody of a reseller meets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister = cls.env["res.company"].create({"name": "Sister", "currency_id": cls.euro.id})
        groups = "account.group_account_manager,product.group_product_manager,base.group_partner_manager"
        people = {"owner": cls.owner, "sister": cls.sister, "north": cls.north}
        cls.people = {
            name: new_test_user(
                cls.env, f"common_{name}", groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
            )
            for name, company in people.items()
        }

    def as_person(self, name):
        user = self.people[name]
        return self.env(user=user.id, su=False, context={"allowed_company_ids": user.company_ids.ids})

    def made_by(self, name, model, **values):
        return self.as_person(name)[model].create({"name": f"Of {name}", **values})

    def test_in_an_owners_company_rows_are_made_as_in_odoo(self):
        for model in COMMON:
            with self.subTest(model):
                self.assertFalse(self.made_by("owner", model).company_id)
                self.assertEqual(self.made_by("owner", model, company_id=self.owner.id).company_id, self.owner)
        self.assertEqual(self.made_by("owner", "product.pricelist").company_id, self.owner)
        self.assertFalse(self.made_by("owner", "product.pricelist", company_id=False).company_id)

    def test_in_a_resellers_company_each_row_is_its_own(self):
        for model in (*COMMON, "product.pricelist"):
            with self.subTest(model):
                self.assertEqual(self.made_by("north", model).company_id, self.north)
                self.assertEqual(self.made_by("north", model, company_id=False).company_id, self.north)
                self.assertEqual(
                    self.as_person("north")[model].default_get(["company_id"])["company_id"], self.north.id
                )
        person = self.made_by("owner", "res.partner", parent_id=self.school.partner_id.id)
        self.assertEqual(person.company_id, self.owner)  # as whom it is a contact of

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models.unlink")
    def test_who_meets_a_common_row(self):
        for model in (*COMMON, "product.pricelist"):
            row = self.made_by("owner", model, company_id=False)
            with self.subTest(model):
                self.assertEqual(self.as_person("sister")[model].browse(row.id).name, "Of owner")
                self.assertFalse(self.as_person("north")[model].search([("id", "=", row.id)]))
                with self.assertRaises(AccessError):
                    self.as_person("north")[model].browse(row.id).read(["name"])
                self.as_person("sister")[model].browse(row.id).name = "Of both"
        nora = self.outsider("nora", "reseller_admin", self.north)
        contact = self.made_by("owner", "res.partner")
        self.assertFalse(self.env(user=nora.id, su=False)["res.partner"].search([("id", "=", contact.id)]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_log_ins_inside_the_owners_companies_know_each_other(self):
        colleague = self.staff("support").partner_id
        colleague.company_id = self.owner
        for name, found in (("sister", colleague), ("north", self.env["res.partner"])):
            contacts = self.as_person(name)["res.partner"].search(
                [("id", "in", (colleague | self.school.partner_id).ids)]
            )
            with self.subTest(name):
                self.assertEqual(contacts, found)
        lone = self.outsider("lone", "customer_admin", self.sister)
        self.assertFalse(self.env(user=lone.id, su=False)["res.partner"].search([("id", "=", colleague.id)]))

    def test_a_common_contact_and_product_are_sold_to_by_a_sister(self):
        contact, product = self.made_by("owner", "res.partner"), self.made_by("owner", "product.product")
        self.sister.account_fiscal_country_id = self.country
        self.env["account.chart.template"].try_loading("telecom_light", company=self.sister, install_demo=False)
        line = Command.create({"product_id": product.id, "price_unit": 10.0})
        move = self.as_person("sister")["account.move"].create(
            {"move_type": "out_invoice", "partner_id": contact.id, "invoice_line_ids": [line]}
        )
        move.action_post()
        self.assertEqual((move.state, move.company_id), ("posted", self.sister))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_of_a_reseller_makes_a_row_common(self):
        row = self.made_by("north", "product.template")
        with self.assertRaises(AccessError):
            row.company_id = False

    def test_pictures_of_common_rows_are_shown_by_the_owners_companies_only(self):
        for model in ("product.template", "product.product"):
            row = self.made_by("owner", model)
            for companies, shown in ((self.owner, True), (self.sister, True), (self.north, False)):
                with self.subTest(model=model, companies=companies.name):
                    self.assertEqual(row._telecom_is_of(companies), shown)
            own = self.made_by("north", model)
            self.assertEqual((own._telecom_is_of(self.owner), own._telecom_is_of(self.north)), (False, True))

    def test_whose_name_is_written_in(self):
        self.assertEqual(self.made_by("sister", "res.partner")._telecom_company(), self.owner)
        self.assertEqual(self.made_by("north", "res.partner")._telecom_company(), self.north)
        self.assertFalse(self.env.ref("base.partner_root")._telecom_company())
        self.assertFalse(self.env["res.partner"]._telecom_company())

    def test_who_was_there_before_the_company_became_a_resellers_belongs_to_it(self):
        company = self.env["res.company"].create({"name": "Far Voice", "currency_id": self.euro.id})
        user = new_test_user(self.env, "early", company_id=company.id, company_ids=[Command.set(company.ids)])
        self.assertFalse((company.partner_id | user.partner_id).company_id)
        contact = self.made_by("owner", "res.partner")
        self.assertTrue(self.env(user=user.id, su=False)["res.partner"].search([("id", "=", contact.id)]))
        account = self.open_account(self.owner, "Far Voice")
        self.env["telecom.tenant"].create(
            {"company_id": company.id, "parent_id": self.owner_tenant.id, "account_id": account.id}
        )
        self.assertEqual((company.partner_id | user.partner_id).company_id, company)
        self.assertFalse(self.env(user=user.id, su=False)["res.partner"].search([("id", "=", contact.id)]))
