from .common import TrailCase


class TestServices(TrailCase):
    """Included minutes, classes of service, ring groups, brands and re-rating leave their lines."""

    def test_included_minutes_and_what_they_count_for(self):
        minutes = self.env["telecom.allowance"].create(
            {"name": "300 minutes", "plan_id": self.standard.id, "minutes": 300, "destination_ids": self.fixed.ids,
             "group_ids": False}
        )  # fmt: skip
        self.start_again()
        minutes.with_user(self.staff("pricing")).write({"minutes": 500, "destination_ids": [(4, self.mobile.id)]})
        self.assertEqual(
            self.told(model="telecom.allowance"),
            [("destination_ids", False, "Testland mobile"), ("minutes", "300", "500")],
        )
        line = self.lines(field="minutes")
        self.assertEqual((line.category, line.plan_id, line.company_id), ("price", self.standard, self.north))
        self.assertIn("staff_pricing", line.user_name)

    def test_what_a_class_of_service_bars_and_who_has_it(self):
        barred = self.env["telecom.service.class"].create(
            {"name": "No islands", "company_id": self.north.id,
             "rule_ids": [(0, 0, {"kind": "destination", "destination_id": self.island.id})]}
        )  # fmt: skip
        self.start_again()
        barred.rule_ids.action = "allow"
        self.assertEqual(self.told(), [("action", "block", "allow")])
        self.assertEqual((self.lines().record_name, self.lines().category), ("No islands", "permission"))
        self.start_again()
        self.acme.service_class_id = barred
        self.assertEqual(self.told(), [("service_class_id", False, "No islands")])
        self.assertEqual(self.lines().account_id, self.acme)
        self.start_again()
        barred.rule_ids.unlink()
        line = self.lines(model="telecom.service.rule")
        self.assertEqual(line.action, "removed")
        self.assertIn("destination_id Testland island", line.old_value)

    def test_ring_groups_and_their_members(self):
        group = self.env["telecom.ring.group"].create({"name": "Sales", "account_id": self.acme.id, "extension": "600"})
        target = self.env["telecom.dial.target"].create(
            {"account_id": self.acme.id, "kind": "external", "external_number": "447700900123"}
        )
        self.start_again()
        group.write({"ring_s": 45, "member_ids": [(0, 0, {"target_id": target.id})]})
        member = self.lines(model="telecom.ring.group.member")
        self.assertEqual((member.record_name, member.account_id, member.company_id), ("Sales", self.acme, self.north))
        self.assertEqual(member.new_value, "target_id 447700900123")
        self.assertEqual(self.lines(model="telecom.ring.group").new_value, "45")

    def test_brands_and_their_hosts(self):
        brand = self.env["telecom.brand"].search([("company_id", "=", self.north.id)])
        brand = brand or self.env["telecom.brand"].create({"name": "North Voice", "company_id": self.north.id})
        self.start_again()
        brand.write({"name": "North Talk", "host_ids": [(0, 0, {"name": "talk.example.com"})]})
        self.assertEqual(self.lines(model="telecom.brand").new_value, "North Talk")
        self.assertEqual(self.lines(model="telecom.brand.host").company_id, self.north)
        self.start_again()
        brand.host_ids.filtered(lambda one: one.name == "talk.example.com").sudo().state = "active"
        self.assertEqual(self.told(model="telecom.brand.host"), [("state", "waiting", "active")])
        self.assertEqual(self.lines().company_id, self.north)

    def test_a_re_rating_is_told(self):
        run = self.env["telecom.rerate.run"].create(
            {"name": "Wrong price", "date_from": "2026-03-01", "date_to": "2026-03-02"}
        )
        lines = self.lines(model="telecom.rerate.run")
        self.assertEqual((lines.action, lines.record_name), ("added", "Wrong price"))
        self.start_again()
        run.state = "previewed"
        self.assertEqual(self.told(), [("state", "draft", "previewed")])

    def test_a_billing_run_is_told(self):
        run = self.env["telecom.billing.run"].create({"company_id": self.north.id, "date_to": "2026-02-28"})
        lines = self.lines(model="telecom.billing.run")
        self.assertEqual((lines.action, lines.company_id), ("added", self.north))
        self.assertEqual(lines.record_name, "North Voice: calls until 2026-02-28")
        self.start_again()
        run.state = "made"
        self.assertEqual(self.told(), [("state", "draft", "made")])

    def test_from_when_on_an_account_is_invoiced_is_told(self):
        self.acme.invoice_from = "2026-03-01 00:00:00"
        self.assertEqual(self.told(model="telecom.billing.account"), [("invoice_from", False, "2026-03-01 00:00:00")])
