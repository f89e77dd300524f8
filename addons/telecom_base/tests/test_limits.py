from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import TelecomCase

LIMITS = ("max_calls_outbound", "max_calls_inbound", "max_calls_per_second")


@tagged("post_install", "-at_install")
class TestLimits(TelecomCase):
    """A limit is empty (no limit) or a whole number from 1 on; 0 would look like "no limit" and mean "no calls"."""

    def stored(self, record, name):
        self.env.flush_all()
        self.env.cr.execute(f"select {name} from {record._table} where id = %s", [record.id])  # noqa: S608  ours
        return self.env.cr.fetchone()[0]

    def test_an_account_has_no_limits_at_first(self):
        for name in LIMITS:
            self.assertIs(self.acme[name], False)
            self.assertIsNone(self.stored(self.acme, name))
            self.assertIs(self.acme.read([name])[0][name], False)

    def test_a_limit_can_be_set_and_taken_away_again(self):
        for name in LIMITS:
            self.acme[name] = 3
            self.assertEqual((self.acme[name], self.stored(self.acme, name)), (3, 3))
            self.acme[name] = False
            self.assertEqual((self.acme[name], self.stored(self.acme, name)), (False, None))

    def test_what_is_no_limit_is_refused_with_the_fields_name(self):
        for value in (0, -1, 100_001, 2**31, 1.5, "0", "many", float("nan"), float("inf"), [1]):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "Calls Out at Once: .* no limit"):
                self.acme.write({"max_calls_outbound": value})
        with self.assertRaisesRegex(ValidationError, "New Calls per Second: 0 is no limit"):
            self.open_account(self.north, "Wrong", max_calls_per_second=0)

    def test_an_import_gives_texts(self):
        result = self.env["telecom.billing.account"].load(
            [".id", "max_calls_outbound", "max_calls_inbound"], [[str(self.acme.id), "4", ""]]
        )
        self.assertEqual((result["ids"], self.acme.max_calls_outbound), ([self.acme.id], 4))
        self.assertIs(self.acme.max_calls_inbound, False)

    def test_accounts_are_found_by_their_limit(self):
        accounts = self.acme + self.school
        self.acme.max_calls_outbound = 2
        found = accounts.search([("id", "in", accounts.ids), ("max_calls_outbound", "!=", False)])
        self.assertEqual(found, self.acme)
        self.assertEqual(accounts.filtered_domain([("max_calls_outbound", "=", False)]), self.school)

    def test_the_form_keeps_an_empty_limit_empty(self):
        with Form(self.acme) as form:
            form.max_calls_outbound = 5
        self.assertEqual(self.acme.max_calls_outbound, 5)
        self.assertIs(self.acme.max_calls_inbound, False)

    def test_a_change_is_in_the_accounts_history(self):
        self.flush_tracking()
        self.acme.max_calls_outbound = 5
        self.flush_tracking()
        tracked = self.acme.message_ids.tracking_value_ids
        self.assertIn("max_calls_outbound", tracked.field_id.mapped("name"))

    def test_a_resellers_limits_are_those_of_its_account(self):
        self.north_tenant.write({"max_calls_outbound": 20, "max_calls_inbound": 10, "max_calls_per_second": 5})
        account = self.north_account
        self.assertEqual([account[name] for name in LIMITS], [20, 10, 5])
        account.max_calls_inbound = False
        self.assertIs(self.north_tenant.max_calls_inbound, False)
        with self.assertRaisesRegex(ValidationError, "is no limit"):
            self.north_tenant.max_calls_outbound = 0

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.flush()
