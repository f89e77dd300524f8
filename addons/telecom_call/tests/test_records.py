from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import CallCase


@tagged("post_install", "-at_install")
class TestRecords(CallCase):
    """What the pages ask of the models over the views."""

    def test_things_deleted_since_appear_empty(self):
        self.settle(self.leg(destination_id=999_999_999, carrier_id=999_999_999, phone_id=999_999_999))
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", "a-1763935936.1")])
        self.assertFalse(record.destination_id or record.carrier_id or record.phone_id)
        self.assertFalse(self.charges().destination_id)

    def test_staff_list_search_group_and_open(self):
        self.settle(self.leg(1), self.leg(2, disposition="busy", answered_s=0, charges=[], carrier_cost_micro=0))
        for login, sum_name, shown in (
            ("support", "attempt:sum", "called"),
            ("auditor", "carrier_cost:sum", "margin"),
        ):
            user = self.staff(login)
            records = self.env["telecom.call.record"].with_user(user)
            mine = [("account_id", "=", self.acme.id)]
            self.assertEqual(len(records.search([*mine, ("e164", "like", "2079")])), 2)
            groups = records.formatted_read_group(mine, ["disposition"], ["answered_s:sum", sum_name])
            self.assertEqual([group["answered_s:sum"] for group in groups], [75, 0])
            rows = records.web_search_read(mine, {"account_id": {"fields": {"display_name": {}}}, shown: {}})
            self.assertEqual(rows["length"], 2)
            by_day = records.formatted_read_group(mine, ["started_at:day"], ["__count"])
            self.assertEqual(by_day[0]["__count"], 2)

    def test_support_sees_no_cost_and_no_margin(self):
        self.settle(self.leg())
        records = self.env["telecom.call.record"].with_user(self.staff("support"))
        for name in ("carrier_cost", "carrier_billed_s", "revenue", "margin"):
            with self.subTest(field=name):
                self.assertNotIn(name, records.fields_get())
                self.assertNotIn(name, records.get_view(view_type="list")["arch"])
                with self.assertRaises(AccessError):
                    records.search([]).read([name])
                with self.assertRaises(AccessError):
                    records.search([(name, ">", 0)])

    def test_a_margin_across_currencies_is_left_empty(self):
        self.settle(self.leg(carrier_currency="USD"))
        self.env.cr.execute("SELECT margin FROM telecom_call_record_view WHERE leg_uniqueid = 'a-1763935936.1'")
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_a_call_without_revenue_is_a_loss(self):
        self.settle(self.leg(charges=[]))
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", "a-1763935936.1")])
        self.assertEqual(record.margin, -0.0125)

    def test_the_account_opens_its_calls(self):
        self.settle(self.leg())
        action = self.acme.action_open_calls()
        self.assertEqual(self.env["telecom.call.charge"].search(action["domain"]).gross, 0.0438)

    def test_an_account_pays_for_a_leg_once(self):
        self.settle(self.leg())
        again = """
            insert into telecom_call_charge (record_id, leg_uniqueid, direction, started_at, level, account_id,
                   company_id, net_micro, tax_micro, gross_micro)
            select record_id, leg_uniqueid, direction, started_at, level, account_id, company_id, 1, 0, 1
              from telecom_call_charge where leg_uniqueid = 'a-1763935936.1'"""
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(again)

    def test_the_charges_of_a_record_are_found_without_reading_all(self):
        self.settle(self.leg())
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", "a-1763935936.1")])
        self.env.cr.execute("set local enable_seqscan = off")  # of a month with a few calls it would be right
        self.env.cr.execute("explain select id from telecom_call_charge_view where record_id = %s", [record.id])
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertNotRegex(plan, "Seq Scan on telecom_call_charge")
        self.assertRegex(plan, r"Index Cond: \(record_id = \d+\)")
