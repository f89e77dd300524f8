from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import PbxCase


@tagged("post_install", "-at_install")
class TestStrangers(PbxCase):
    """A reseller's accountant and a customer's user see their own rows, read only, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme_user = cls.share_user("pbx_acme", "telecom_base.group_customer_user", cls.acme)
        cls.far_accountant = cls.share_user("pbx_far", "telecom_base.group_reseller_accountant", cls.far, partner=False)

    @classmethod
    def share_user(cls, login, group, account, partner=True):
        company = account.company_id
        user = new_test_user(cls.env, login, groups=group, company_id=company.id, company_ids=[(6, 0, company.ids)])
        user.partner_id.write({"company_id": company.id, "parent_id": account.partner_id.id if partner else False})
        return user

    def rows_of(self, account):
        phone = self.add_phone(account)
        number = self.add_number(f"4420794605{account.id % 100:02}", account)
        target = self.target_of(phone)
        group = self.add_group(target, account=account)
        return phone, number, target, group, group.member_ids

    def test_each_sees_its_own_rows_only(self):
        for user, own, foreign in (
            (self.acme_user, self.acme, (self.cafe, self.far)),
            (self.far_accountant, self.far, (self.acme, self.cafe)),
        ):
            for account in (own, *foreign):
                for row in self.rows_of(account):
                    with self.subTest(user=user.login, model=row._name, account=account.name):
                        seen = row.with_user(user).search([("id", "=", row.id)])
                        self.assertEqual(len(seen), 1 if account == own else 0)
                        if account != own:
                            with self.assertRaises(AccessError):
                                row.with_user(user).read(["display_name"])
            self.env["telecom.number"].search([]).unlink()
            self.env["telecom.ring.group"].search([]).unlink()
            self.env["telecom.phone"].search([]).unlink()

    def test_nobody_outside_writes(self):
        for user, account in ((self.acme_user, self.acme), (self.far_accountant, self.far)):
            phone, number, target, group, member = self.rows_of(account)
            for row, vals in (
                (phone, {"forward_always_id": target.id}),
                (number, {"target_id": target.id}),
                (target, {"kind": "phone"}),
                (group, {"name": "x"}),
                (member, {"sequence": 1}),
            ):
                with self.subTest(user=user.login, model=row._name):
                    with self.assertRaises(AccessError):
                        row.with_user(user).write(vals)
                    with self.assertRaises(AccessError):
                        row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                phone.with_user(user).action_new_password()
            with self.assertRaises(AccessError):
                self.env["telecom.phone"].with_user(user).create(
                    {"account_id": account.id, "name": "x", "extension": "222"}
                )

    def test_support_of_one_company_leaves_the_others_alone(self):
        support = new_test_user(self.env, "pbx_sup", groups="telecom_base.group_support", company_id=self.company.id)
        number = self.add_number(account=self.acme)
        far_phone, _number, far_target, *_group = self.rows_of(self.far)
        in_own = {"allowed_company_ids": self.company.ids}
        with self.assertRaises(UserError):  # by the fence of telecom_isolation, or without it here
            number.with_user(support).with_context(**in_own).target_id = far_target.id
        with self.assertRaises(AccessError):
            far_phone.with_user(support).with_context(**in_own).name = "x"
