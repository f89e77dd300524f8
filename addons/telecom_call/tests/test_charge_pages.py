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

    def test_pages_of_a_reseller_have_what_it_sold_and_bought_in_order_of_time(self):
        charges = [self.charge(0, self.acme, 1), self.charge(1, self.north_account, 2)]
        for number in range(1, 9):
            some = (charges, charges[:1], charges[1:])[number % 3]
            at = f"2025-11-23T22:{60 - 7 * number:02d}:00+00:00"
            self.settle(self.leg(number, charges=some, started_at=at, answered_at=at, ended_at=at))
        reseller = self.outsider("northerner", "reseller_admin", self.north)
        pages = self.env["telecom.call.charge"].with_user(reseller).with_context(allowed_company_ids=self.north.ids)
        self.assertEqual(len(pages._reasons()), 2)
        whole = pages.search([])  # not in pages: found as ever
        self.assertEqual(len(whole), 10)
        self.assertEqual({one.company_id for one in whole}, {self.north, self.north_account.company_id})
        for limit in (1, 2, 5, 10, 20):
            for offset in range(0, 12, 2):
                with self.subTest(limit=limit, offset=offset):
                    self.assertEqual(pages.search([], offset=offset, limit=limit), whole[offset : offset + limit])
        bought = [("customer_company_id", "=", self.north.id)]
        self.assertEqual(pages.search(bought, limit=3), whole.filtered_domain(bought)[:3])
        self.assertEqual(pages.search_count([], limit=5), 5)

    def test_a_page_of_a_reseller_reads_no_more_than_it_shows(self):
        reseller = self.outsider("northerner", "reseller_admin", self.north)
        pages = self.env["telecom.call.charge"].with_user(reseller).with_context(allowed_company_ids=self.north.ids)
        self.env.cr.execute("set local enable_seqscan = off")
        self.env.cr.execute("set local enable_bitmapscan = off")
        for reason, index in zip(pages._reasons(), ("_company_id_", "_customer_company_id_"), strict=True):
            query = pages.sudo()._search(reason, order=pages._order, limit=80)
            self.env.cr.execute(SQL("explain %s", query.select()))
            plan = [line for (line,) in self.env.cr.fetchall() if " on telecom_call_charge" in line]
            self.assertTrue(plan)
            self.assertEqual([line for line in plan if index not in line or "Index" not in line], [])

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
