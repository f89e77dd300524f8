from odoo.tests import TransactionCase


class PbxCase(TransactionCase):
    """Two customers of one company, and one of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
        cls.country = cls.env.ref("base.uk")
        cls.owner = cls.env["telecom.tenant"].search([("parent_id", "=", False)])
        cls.company = cls.owner.company_id
        cls.acme = cls.open_account(cls.company, "Acme")
        cls.cafe = cls.open_account(cls.company, "Cafe")
        cls.reseller = cls.open_tenant("Far Reseller")
        cls.far = cls.open_account(cls.reseller, "Far Customer")

    @classmethod
    def open_account(cls, company, name, **values):
        partner = cls.env["res.partner"].create({"name": name, "company_id": company.id, "is_company": True})
        return cls.env["telecom.billing.account"].create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "country_id": cls.country.id,
                "currency_id": cls.company.currency_id.id,
                "tz": "Europe/London",
                **values,
            }
        )

    @classmethod
    def open_tenant(cls, name):
        company = cls.env["res.company"].create({"name": name, "currency_id": cls.company.currency_id.id})
        own_account = cls.open_account(cls.company, name)
        cls.env["telecom.tenant"].create(
            {"company_id": company.id, "parent_id": cls.owner.id, "account_id": own_account.id}
        )
        cls.env.user.company_ids += company
        return company

    def add_phone(self, account=None, extension="101", **values):
        return self.env["telecom.phone"].create(
            {"account_id": (account or self.acme).id, "name": "Desk", "extension": extension, **values}
        )

    def add_number(self, e164="442079460999", account=None, **values):
        company = account.company_id if account else self.company
        return self.env["telecom.number"].create(
            {"e164": e164, "account_id": account.id if account else False, "company_id": company.id, **values}
        )

    def target_of(self, row):
        """The dial target that a telephone or ring group has by itself."""
        field = "phone_id" if row._name == "telecom.phone" else "group_id"
        return self.env["telecom.dial.target"].search([(field, "=", row.id)])

    def add_outside(self, number="447700900123", account=None):
        return self.env["telecom.dial.target"].create(
            {"account_id": (account or self.acme).id, "kind": "external", "external_number": number}
        )

    def add_group(self, *targets, account=None, **values):
        members = [(0, 0, {"target_id": target.id, "sequence": place}) for place, target in enumerate(targets)]
        return self.env["telecom.ring.group"].create(
            {"account_id": (account or self.acme).id, "name": "Sales", "member_ids": members, **values}
        )
