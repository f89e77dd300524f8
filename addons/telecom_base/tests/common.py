from odoo.tests import TransactionCase, new_test_user


class TelecomCase(TransactionCase):
    """The owner, reseller "North" below it, and a customer of each: accounts A100001 ... of both companies.

    All companies are in euro, so that literals in tests need no conversion.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.euro = env.ref("base.EUR")
        cls.euro.active = True
        cls.country = env.ref("base.uk")
        cls.owner_tenant = env["telecom.tenant"].search([("parent_id", "=", False)])
        cls.owner = cls.owner_tenant.company_id
        cls.north = env["res.company"].create({"name": "North Voice", "currency_id": cls.euro.id})
        cls.north_account = cls.open_account(cls.owner, "North Voice", mode="postpaid", credit_limit=500.0)
        cls.north_tenant = env["telecom.tenant"].create(
            {"company_id": cls.north.id, "parent_id": cls.owner_tenant.id, "account_id": cls.north_account.id}
        )
        cls.school = cls.open_account(cls.owner, "Lighthouse School")
        cls.acme = cls.open_account(cls.north, "Acme Trading")

    @classmethod
    def open_account(cls, company, customer, **values):
        """Open an account of a new customer with `company`; prepaid in euro unless told."""
        partner = cls.env["res.partner"].create({"name": customer, "company_id": company.id})
        return cls.env["telecom.billing.account"].create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": cls.euro.id,
                "country_id": cls.country.id,
                "tz": "Europe/London",
                **values,
            }
        )

    @classmethod
    def staff(cls, group):
        """Make a person of the owner's staff, for example `staff("support")`."""
        return new_test_user(cls.env, f"staff_{group}", groups=f"telecom_base.group_{group}", company_id=cls.owner.id)

    @classmethod
    def outsider(cls, login, group, company, partner=None):
        """Make a share user of a reseller or customer; `partner` is the customer's contact it belongs to."""
        user = new_test_user(
            cls.env,
            login,
            groups=f"telecom_base.group_{group}",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        user.partner_id.write({"company_id": company.id, "parent_id": partner.id if partner else False})
        return user
