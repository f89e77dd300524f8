from odoo.tests import TransactionCase


class SwitchCase(TransactionCase):
    """The owner with one reseller, which has one customer with one telephone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
        cls.owner_tenant = cls.env["telecom.tenant"].search([("parent_id", "=", False)])
        cls.owner = cls.owner_tenant.company_id
        cls.currency = cls.owner.currency_id
        cls.reseller = cls.env["res.company"].create({"name": "Switch Reseller", "currency_id": cls.currency.id})
        cls.reseller_account = cls.open_account(cls.owner, "Switch Reseller", mode="postpaid", credit_limit=50)
        cls.env["telecom.tenant"].create(
            {"company_id": cls.reseller.id, "parent_id": cls.owner_tenant.id, "account_id": cls.reseller_account.id}
        )
        cls.env.user.company_ids += cls.reseller
        cls.account = cls.open_account(cls.reseller, "Switch Customer")
        cls.phone = cls.env["telecom.phone"].create(
            {"account_id": cls.account.id, "name": "Desk", "extension": "101", "sip_password": "correct-horse-99"}
        )
        cls.endpoint = cls.phone.sip_username

    @classmethod
    def open_account(cls, company, name, **values):
        partner = cls.env["res.partner"].create({"name": name, "company_id": company.id})
        return cls.env["telecom.billing.account"].create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "country_id": cls.env.ref("base.uk").id,
                "currency_id": cls.currency.id,
                "tz": "Europe/London",
                **values,
            }
        )

    def add_carrier(self, **values):
        return self.env["telecom.carrier"].create(
            {"name": "Switch Carrier", "company_id": self.owner.id, "currency_id": self.currency.id, **values}
        )

    def add_trunk(self, carrier=None, **values):
        carrier = carrier or self.add_carrier()
        return self.env["telecom.trunk"].create(
            {"name": "T", "carrier_id": carrier.id, "host": "192.0.2.7", "port": 5062, **values}
        )

    def row(self, view, **key):
        """Return the one row of a view as a dict, None if there is none."""
        self.env.flush_all()
        (column, value) = next(iter(key.items()))
        self.env.cr.execute(f"select * from {view} where {column} = %s", [value])  # noqa: S608  # names of this file
        rows = self.env.cr.dictfetchall()
        self.assertLessEqual(len(rows), 1)
        return rows[0] if rows else None
