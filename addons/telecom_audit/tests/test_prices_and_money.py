from unittest.mock import patch

import psycopg2
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import TrailCase


class TestPricesAndMoney(TrailCase):
    def test_a_price_has_who_changed_it_from_what_to_what(self):
        pricing = self.staff("pricing")
        rate = self.wholesale.rate_ids.filtered(lambda one: one.destination_id == self.fixed)
        self.start_again()
        rate.with_user(pricing).write({"price": 0.025, "connect_fee": 0.01})
        line = self.lines()
        self.assertEqual((line.field, line.old_value, line.new_value), ("price", "0.02", "0.025"))
        self.assertEqual((line.category, line.action, line.record_name), ("price", "changed", "Testland fixed"))
        self.assertEqual((line.user_id, line.plan_id, line.company_id), (pricing, self.wholesale, self.owner))
        self.assertIn("staff_pricing", line.user_name)
        self.assertEqual((line.kind, line.field_label), ("Rate", "Price (per minute)"))

    def test_who_wrote_is_named_even_when_another_one_flushes(self):
        pricing = self.staff("pricing")
        self.start_again()
        self.wholesale.with_user(pricing).default_percent = 0.0
        self.wholesale.with_user(pricing).rounding_decimals = 3
        self.env.flush_all()  # the test's own superuser
        self.assertEqual(self.lines().user_id, pricing)

    def test_a_price_that_is_added_and_removed(self):
        rate = self.add_rate(self.wholesale, self.island, price=0.5)
        self.start_again()
        rate.unlink()
        line = self.lines(model="telecom.rate")
        self.assertEqual((line.action, line.new_value), ("removed", False))
        self.assertIn("destination_id Testland island", line.old_value)
        self.assertIn("price 0.5,", line.old_value)

    def test_a_price_by_hours(self):
        hours = self.env["telecom.band.set"].create(
            {"name": "Hours", "company_id": self.owner.id, "band_ids": [(0, 0, {"name": "Peak"})]}
        )
        rate = self.wholesale.rate_ids.filtered(lambda one: one.destination_id == self.fixed)
        rate.write({"band_set_id": hours.id, "band_price_ids": [(0, 0, {"band_id": hours.band_ids.id, "price": 0.05})]})
        self.start_again()
        rate.band_price_ids.price = 0.06
        line = self.lines()
        self.assertEqual((line.field, line.old_value, line.new_value), ("price", "0.05", "0.06"))
        self.assertEqual((line.record_name, line.plan_id), ("Testland fixed, Peak", self.wholesale))

    def test_a_line_outlives_what_it_is_about(self):
        plan = self.add_plan(self.owner, "Short Lived")
        self.env.flush_all()
        plan.unlink()
        lines = self.lines(model="telecom.rate.plan")
        self.assertEqual(lines.mapped("action"), ["added", "removed"])
        self.assertEqual(set(lines.mapped("record_name")), {"Short Lived"})
        self.assertFalse(lines.plan_id)
        for line in lines.web_read({"plan_id": {"fields": {"display_name": {}}}, "kind": {}, "who": {}}):
            self.assertFalse(line["plan_id"])

    def test_a_write_that_changes_nothing_leaves_nothing(self):
        self.wholesale.write({"name": self.wholesale.name, "rounding_decimals": self.wholesale.rounding_decimals})
        self.env.flush_all()
        self.env.cr.execute("update telecom_rate set write_date = now()")
        self.assertFalse(self.lines())

    def test_sql_by_hand_is_seen_too(self):
        self.env.cr.execute("select set_config('bss.teller', '', true), set_config('application_name', 'psql', true)")
        self.env.cr.execute(
            "update telecom_billing_account set credit_limit = 9999 where id = %s", [self.north_account.id]
        )
        line = self.lines()
        self.assertEqual((line.door, line.user_id.id), ("sql", False))
        self.env.cr.execute("select session_user")
        self.assertEqual(line.user_name, f"database role {self.env.cr.fetchone()[0]}")
        self.assertEqual((line.field, line.old_value, line.new_value), ("credit_limit", "500", "9999"))

    def test_limits_and_status_of_an_account(self):
        accountant = self.staff("accountant")
        office = self.open_account(self.owner, "Office", mode="postpaid", credit_limit=500.0)
        account = office.with_user(accountant)
        self.start_again()
        account.write({"credit_limit": 750.5, "max_calls_outbound": 30})
        account.action_suspend()
        self.assertEqual(
            [(line.category, line.field, line.old_value, line.new_value) for line in self.lines()],
            [
                ("limit", "credit_limit", "500", "750.5"),
                ("limit", "max_calls_outbound", False, "30"),
                ("status", "state", "active", "suspended"),
            ],
        )
        self.assertEqual(self.lines().account_id, office)
        self.assertEqual(self.lines().user_id, accountant)

    def test_a_top_up_and_its_reversal(self):
        accountant = self.staff("accountant")
        wizard = self.env["telecom.wallet.topup"].with_user(accountant)
        self.start_again()
        wizard.create({"account_id": self.school.id, "amount": 12.5, "reference": "Bank"}).action_post()
        line = self.lines(category="balance")
        self.assertEqual(line.new_value, "kind topup, amount 12.5, balance_after 12.5, reference Bank")
        self.assertEqual((line.user_id, line.account_id, line.company_id), (accountant, self.school, self.owner))

    def test_what_a_call_costs_is_not_a_line_of_the_trail(self):
        self.env.cr.execute("select telecom_wallet_post(%s, 'charge', -5, 'trail:1', 'call', null)", [self.school.id])
        self.assertFalse(self.lines())
        self.env.cr.execute("select telecom_wallet_post(%s, 'adjustment', 5, 'trail:2', 'x', %s)", [self.school.id, 2])
        line = self.lines()
        self.assertEqual(line.user_id.id, 2, "the entry itself knows who posted it")

    def test_lines_are_neither_changed_nor_deleted(self):
        self.school.action_suspend()
        line = self.lines(field="state")
        for statement in (
            "update telecom_audit_line set user_name = 'x' where id = %s",
            "delete from telecom_audit_line where id = %s",
            "truncate telecom_audit_line",
            "delete from telecom_audit_keeping",
        ):
            with self.subTest(statement), mute_logger("odoo.sql_db"):
                with self.assertRaises(psycopg2.Error) as refused, self.env.cr.savepoint():
                    self.env.cr.execute(statement, [line.id] if "%s" in statement else None)
                self.assertEqual(refused.exception.pgcode, "BSS04")

    def test_how_long_it_is_kept_is_the_administrators_and_leaves_a_line(self):
        admin = self.staff("admin")
        keep = self.env["telecom.audit.keep"].with_user(admin)
        self.start_again()
        with self.assertRaisesRegex(UserError, "at least 12"):
            keep.create({"for_ever": False, "months": 11}).action_keep()
        self.assertFalse(self.lines())
        keep.create({"for_ever": False, "months": 24}).action_keep()
        line = self.lines()
        self.assertEqual((line.old_value, line.new_value, line.user_id), ("for ever", "24 months", admin))

    def test_lines_older_than_is_kept_go_and_that_leaves_a_line(self):
        self.env.cr.execute(
            "insert into telecom_audit_line (at, door, category, model, action) select now() - interval '25 months',"
            " 'web', 'price', 'telecom.rate', 'changed' from generate_series(1, 3)"
        )
        clear = self.env["telecom.audit.line"]._clear_too_old
        clear()
        self.assertEqual(len(self.lines()), 3, "kept for ever")
        self.env.cr.execute("update telecom_audit_keeping set months = 24")
        clear()
        line = self.lines(category="setting", action="removed")
        self.assertEqual((line.row_count, line.model), (3, "telecom.audit.line"))
        self.assertFalse(self.lines(model="telecom.rate"))

    def test_the_button_opens_the_lines_of_that_plan_only(self):
        other = self.add_plan(self.owner, "Other")
        other.rounding_decimals = 2
        self.wholesale.rounding_decimals = 2
        self.env.flush_all()
        action = self.wholesale.action_open_changes()
        found = self.env["telecom.audit.line"].search([("id", ">", self.since), *action["domain"]])
        self.assertEqual(found.mapped("record_name"), ["Wholesale"])

    def test_the_door_and_the_address_come_from_the_request(self):
        class Request:
            httprequest = type("Http", (), {"path": "/json/2/telecom.rate.plan/write", "remote_addr": "192.0.2.44"})
            session = type("Session", (), {"uid": None})

            def __bool__(self):
                return True

        with patch("odoo.addons.telecom_audit.tools.teller.request", Request()):
            self.wholesale.name = "By method"
            self.env.flush_all()
        line = self.lines()
        self.assertEqual((line.door, line.address), ("api", "192.0.2.44"))
