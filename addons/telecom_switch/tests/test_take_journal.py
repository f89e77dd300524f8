import json

from odoo.addons.telecom_call.tests.common import CallCase
from odoo.tests import tagged

CHANNEL = "a-1763935936.0"
CALL = "a-1763935936.1-1"


@tagged("post_install", "-at_install")
class TestTakeJournal(CallCase):
    """A batch of the journal: what ended calls hold is given back, once, and never what another one holds."""

    def setUp(self):
        super().setUp()
        self.topup(self.acme, 5_000_000)
        self.north_account.credit_limit = 500

    def take(self, **parts):
        self.env.flush_all()
        self.env.cr.execute("select telecom_switch_take_journal(%s::jsonb)", [json.dumps({"node": "a", **parts})])
        return self.env.cr.fetchone()[0]

    def hold(self, call_ref=CALL, channel=CHANNEL):
        (answer,) = self.reserve(self.request(call_ref, [80_000, 70_000], channel=channel))
        self.assertEqual(answer["outcome"], "taken")

    def opened(self, leg_uniqueid, call_ref):
        at = "2025-11-23T22:12:20.5+00:00"
        return {
            "leg_uniqueid": leg_uniqueid,
            "call_ref": call_ref,
            "attempt": 1,
            "linkedid": CHANNEL,
            "channel": "PJSIP/trunk-1-1",
            "userfield": f"{call_ref}/1",
            "answered_at": at,
            "seen_at": at,
            "clock_offset_us": 0,
            "boot_id": "",
            "transferred_by": "",
        }

    def reserved(self):
        return [self.wallet(account)[1] for account in (self.acme, self.north_account)]

    def test_a_caller_that_gives_up_gets_everything_back(self):
        self.hold()
        self.assertEqual(self.take(ended=[CHANNEL]), {"released": 1, "repeated": 0})
        self.assertEqual(self.reserved(), [0, 0])
        self.assertEqual(self.take(ended=[CHANNEL]), {"released": 0, "repeated": 0})

    def test_what_a_settlement_gives_back_is_not_given_back_again(self):
        self.hold()
        answer = self.take(legs=[self.leg()], ended=["a-1763935936.1", CHANNEL])
        self.assertEqual(answer, {"released": 0, "repeated": 0})
        self.assertEqual(self.reserved(), [0, 0])
        self.assertEqual(len(self.charges()), 2)
        self.assert_books_are_right()

    def test_an_unanswered_leg_keeps_what_its_call_holds_until_its_channel_ends(self):
        self.hold()
        leg = self.leg(answered_at=None, disposition="no_answer", charges=[], release=False)
        self.assertEqual(self.take(legs=[leg])["released"], 0)
        self.assertEqual(self.reserved(), [80_000, 70_000])
        again = self.leg(2, answered_at=None, disposition="busy", charges=[], release=False, call_ref=CALL)
        self.assertEqual(self.take(legs=[again], ended=[CHANNEL])["released"], 1)
        self.assertEqual(self.reserved(), [0, 0])

    def test_one_of_two_calls_of_a_channel_is_charged_and_the_other_given_back(self):
        self.hold()
        self.hold("a-1763935936.0-2")
        self.assertEqual(self.take(legs=[self.leg()], ended=[CHANNEL])["released"], 1)
        self.assertEqual(self.reserved(), [0, 0])
        self.assert_books_are_right()

    def test_a_leg_that_was_settled_before_does_not_keep_what_its_call_holds(self):
        self.take(legs=[self.leg()])
        self.hold()
        self.assertEqual(self.take(legs=[self.leg()], ended=[CHANNEL]), {"released": 1, "repeated": 1})
        self.assertEqual(self.reserved(), [0, 0])

    def test_a_call_with_an_answered_leg_holds_its_money(self):
        self.hold()
        leg = self.opened("a-1763935936.1", CALL)
        self.assertEqual(self.take(opened=[leg], ended=[CHANNEL])["released"], 0)
        self.assertEqual(self.reserved(), [80_000, 70_000])
        self.assertEqual(self.take(closed=["a-1763935936.1"], ended=[CHANNEL])["released"], 1)

    def test_who_took_the_channels_place_holds_what_it_held(self):
        self.hold()
        heir = {"replaced": CHANNEL, "uniqueid": "a-1763935936.8", "name": "PJSIP/x-8", "linkedid": "a-1763935936.7"}
        self.assertEqual(self.take(heirs=[heir], ended=[CHANNEL])["released"], 0)
        self.assertEqual(self.reserved(), [80_000, 70_000])
        self.assertEqual(self.take(ended=["a-1763935936.8"])["released"], 1)

    def test_channels_of_another_node_are_another_ones(self):
        self.hold()
        self.assertEqual(self.take(node="b", ended=[CHANNEL])["released"], 0)
        self.assertEqual(self.reserved(), [80_000, 70_000])

    def test_an_ended_channel_is_looked_up_however_many_calls_its_node_has(self):
        """The plan is made for a table that is empty; every batch once read all reservations of the node by it."""
        self.take(ended=[CHANNEL])
        self.env.cr.execute(
            "insert into telecom_reservation (call_ref, node, channel_uniqueid, account_ids, amounts_micro, granted_s,"
            " frozen) select 'a-' || n || '-1', 'a', 'a-' || n, '{}', '{}', 60, '{}' from generate_series(1, 500) n"
        )
        before = self.read_rows()
        self.assertEqual(self.take(ended=["a-7", "a-8", "a-none"])["released"], 2)
        self.assertLess(self.read_rows() - before, 50)

    def read_rows(self):
        """Rows of reservations that this transaction has read so far."""
        self.env.cr.execute(
            "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'telecom_reservation'"
        )
        return self.env.cr.fetchone()[0]
