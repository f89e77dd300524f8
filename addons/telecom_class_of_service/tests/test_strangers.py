from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ClassCase


@tagged("post_install", "-at_install")
class TestStrangers(ClassCase):
    """Customers see their own classes and nothing of what their provider bars; a reseller sees its company's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.of_far = cls.env["telecom.service.class"].create({"name": "Far", "company_id": cls.reseller.id})
        cls.of_owner = cls.env["telecom.service.class"].create({"name": "Owner", "company_id": cls.company.id})
        cls.of_customer = cls.env["telecom.service.class"].create({"name": "Customer", "account_id": cls.far.id})

    def person(self, group, partner=None):
        user = new_test_user(
            self.env,
            f"class_{group}",
            groups=f"telecom_base.group_{group}",
            company_id=self.reseller.id,
            company_ids=[(6, 0, self.reseller.ids)],
        )
        user.partner_id.write({"company_id": self.reseller.id, "parent_id": partner.id if partner else False})
        return user

    def seen_by(self, user):
        classes = self.of_far + self.of_owner + self.of_customer
        return classes.with_user(user).search([("id", "in", classes.ids)])

    def test_each_sees_its_own(self):
        customer = self.person("customer_user", self.far.partner_id)
        self.assertEqual(self.seen_by(customer).ids, self.of_customer.ids)
        self.far.service_class_id = self.of_far
        with self.assertRaises(AccessError):
            self.far.with_user(customer).read(["service_class_id"])
        reseller = self.person("reseller_support")
        self.assertEqual(set(self.seen_by(reseller).ids), {self.of_far.id, self.of_customer.id})

    def test_a_customers_user_changes_nothing(self):
        customer = self.person("customer_user", self.far.partner_id)
        for change in (
            lambda: self.of_customer.with_user(customer).write({"other_calls": "allow"}),
            lambda: self.env["telecom.service.class"].with_user(customer).create({"name": "x"}),
            lambda: self.of_customer.with_user(customer).unlink(),
        ):
            with self.assertRaises(AccessError):
                change()
