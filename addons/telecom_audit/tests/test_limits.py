from odoo.exceptions import ValidationError

from .common import TrailCase


class TestLimits(TrailCase):
    """Fraud rules, and locks of accounts that have reached what their rules allow, leave their lines."""

    def rule(self, **values):
        values = {"name": "Dialler", "company_id": self.north.id, "kind": "repeated", "most_calls": 20, **values}
        return self.env["telecom.fraud.rule"].create(values)

    def test_a_fraud_rule_that_is_made_changed_and_removed(self):
        rule = self.rule(account_ids=self.acme.ids)
        added = self.lines(model="telecom.fraud.rule", action="added")
        self.assertEqual(set(added.mapped("company_id")), {self.north})
        self.assertIn("most_calls 20", " ".join(added.mapped("new_value")))
        self.start_again()
        person = self.outsider("nora", "reseller_accountant", self.north)
        rule.with_user(person).write({"most_calls": 5, "within_min": 10, "at_night": True})
        self.assertEqual(
            {field: (before, after) for field, before, after in self.told(model="telecom.fraud.rule")},
            {"at_night": (False, "true"), "most_calls": ("20", "5"), "within_min": ("60", "10")},
        )
        line = self.lines(field="most_calls")
        self.assertEqual((line.category, line.record_name, line.company_id), ("limit", "Dialler", self.north))
        self.assertIn("nora", line.user_name)
        self.start_again()
        rule.active = False
        self.assertEqual(self.told(), [("active", "true", "false")])
        self.start_again()
        rule.unlink()
        self.assertIn("Dialler", self.lines(action="removed").mapped("record_name"))

    def test_whom_and_which_countries_it_names(self):
        rule, france = self.rule(kind="country", country_ids=self.env.ref("base.uk").ids), self.env.ref("base.fr")
        self.start_again()
        rule.write({"country_ids": [(4, france.id)], "account_ids": [(4, self.acme.id)]})
        told = [("account_ids", False, self.acme.name), ("country_ids", False, france.name)]
        self.assertEqual(sorted(self.told(model="telecom.fraud.rule")), told)
        self.start_again()
        rule.country_ids -= france
        self.assertEqual(self.told(), [("country_ids", france.name, False)])

    def test_a_rule_that_is_refused_leaves_nothing(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.rule(kind="country")
        self.assertFalse(self.lines())

    def test_a_lock_and_who_has_opened_it(self):
        self.env.cr.execute("select telecom_spend_lock(%s, 'day', 20000000, 19900000, '{}')", [self.acme.id])
        lines = self.lines(model="telecom.spend.lock")
        self.assertEqual((lines.mapped("account_id"), lines.mapped("company_id")), (self.acme, self.north))
        self.assertEqual(set(lines.mapped("action")), {"added"})
        self.assertIn("rule day", " ".join(lines.mapped("new_value")))
        self.start_again()
        person = self.staff("accountant")
        self.env.cr.execute("select telecom_spend_unlock(%s, %s)", [self.acme.id, person.id])
        line = self.lines(model="telecom.spend.lock")
        self.assertEqual((line.action, line.field, line.old_value), ("changed", "unlocked_at", False))
        self.assertIn("staff_accountant", line.user_name)
