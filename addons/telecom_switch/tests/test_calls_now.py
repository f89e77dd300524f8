from odoo.tests import tagged

from .common import SwitchCase


@tagged("post_install", "-at_install")
class TestCallsNow(SwitchCase):
    """The form of an account says how many calls count now, and of how many."""

    def count(self, *names):
        for place, name in enumerate(names):
            self.env.cr.execute(
                """insert into telecom_reservation
                (call_ref, account_ids, amounts_micro, granted_s, frozen, counted_on)
                values (%s, '{}', '{}', 1, '{}', %s)""",
                [f"now-{place}", [name, "trunk:1"]],
            )
        self.env.invalidate_all()

    def test_calls_now_and_their_limit(self):
        self.account.max_calls_outbound = 3
        out, into = f"out:account:{self.account.id}", f"in:account:{self.account.id}"
        self.assertEqual((self.account.calls_outbound_now, self.account.calls_inbound_now), ("0 of 3", "0"))
        self.count(out, out, into)
        self.assertEqual((self.account.calls_outbound_now, self.account.calls_inbound_now), ("2 of 3", "1"))
        self.account.max_calls_inbound = 1
        self.assertEqual(self.account.calls_inbound_now, "1 of 1")

    def test_a_reseller_counts_what_is_counted_for_it(self):
        self.count(f"out:account:{self.reseller_account.id}")
        self.assertEqual(self.reseller_account.calls_outbound_now, "1")
        self.assertEqual(self.account.calls_outbound_now, "0")
