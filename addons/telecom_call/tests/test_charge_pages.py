from odoo.tests import tagged
from odoo.tools import SQL

from .common import CallCase


@tagged("post_install", "-at_install")
class TestChargePages(CallCase):
    """Pages find the charges of one reseller, account or record among everybody's by an index."""

    def scanned(self, domain, order=None):
        """Charges' partitions that are read from end to end although PostgreSQL was asked not to."""
        self.env.cr.execute("set local enable_seqscan = off")
        query = self.env["telecom.call.charge"].sudo()._search(domain, order=order, limit=80)
        self.env.cr.execute(SQL("explain %s", query.select()))
        plan = [line for (line,) in self.env.cr.fetchall()]
        self.assertTrue([line for line in plan if "telecom_call_charge" in line], plan)
        return [line for line in plan if "Seq Scan on telecom_call_charge" in line]

    def test_what_a_reseller_sold_and_bought(self):
        company = [self.north.id]
        both = ["|", ("company_id", "in", company), ("customer_company_id", "in", company)]
        self.assertEqual(self.scanned(both), [])

    def test_the_newest_of_all(self):
        self.assertEqual(self.scanned([], order="started_at desc, id desc"), [])

    def test_charges_of_a_record(self):
        self.assertEqual(self.scanned([("record_id", "=", 1)]), [])

    def test_a_customer_that_becomes_a_reseller_sees_what_it_was_charged_before(self):
        self.settle(self.leg())
        company = self.env["res.company"].create({"name": "Acme Telecom"})
        reseller = self.outsider("acme_admin", "reseller_admin", company)
        charges = self.env["telecom.call.charge"].with_user(reseller)
        self.assertFalse(charges.search([]))
        parent = self.env["telecom.tenant"].search([("company_id", "=", self.north.id)])
        tenant = self.env["telecom.tenant"].create(
            {"company_id": company.id, "parent_id": parent.id, "account_id": self.acme.id}
        )
        self.env.flush_all()
        self.assertEqual(charges.search([]).mapped("gross"), [0.0438])
        tenant.account_id = self.open_account(self.north, "Acme's Own")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(charges.search([]))
