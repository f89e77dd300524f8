from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SwitchCase


@tagged("post_install", "-at_install")
class TestTrunkState(SwitchCase):
    def setUp(self):
        super().setUp()
        self.env.cr.execute("delete from telecom_trunk_state")
        self.env.cr.execute("delete from telecom_switch_node")
        self.trunk = self.add_trunk(username="me", new_password="secret-words", registers=True)
        self.name = f"trunk-{self.trunk.id}"

    def found(self, node, state, heartbeat_age_s=1):
        """Let a node have found the trunk."""
        self.env.flush_all()
        self.env.cr.execute(
            "insert into telecom_switch_node (name, heartbeat_at) values (%s, now() - make_interval(secs => %s))",
            [node, heartbeat_age_s],
        )
        self.env.cr.execute(
            "insert into telecom_trunk_state (node, trunk_id, state, since) values (%s, %s, %s, now())",
            [node, self.trunk.id, state],
        )
        self.env.invalidate_all()

    def down(self):
        self.env.cr.execute("select trunk_id from switch_v1_trunk_down")
        return [trunk_id for (trunk_id,) in self.env.cr.fetchall()]

    def test_without_a_word_of_a_node_nothing_is_known(self):
        self.assertEqual((self.trunk.link_state, self.trunk.link_since), ("unknown", False))
        self.assertFalse(self.trunk.link_remedy)

    def test_of_several_nodes_the_worst_is_shown_with_what_helps(self):
        self.found("a", "registered")
        self.assertEqual(self.trunk.link_state, "registered")
        self.assertFalse(self.trunk.link_remedy)
        self.found("b", "unreachable")
        self.assertEqual(self.trunk.link_state, "unreachable")
        self.assertIn("192.0.2.7:5062 does not answer", self.trunk.link_remedy)
        self.found("c", "rejected")
        self.assertEqual((self.trunk.link_state, len(self.trunk.link_ids)), ("rejected", 3))
        self.assertIn("user name and password", self.trunk.link_remedy)
        self.assertTrue(self.trunk.link_since)

    def test_what_a_dead_node_said_is_not_true_any_more(self):
        self.found("a", "rejected", heartbeat_age_s=90)
        self.assertEqual(self.trunk.link_state, "unknown")
        self.assertEqual(self.down(), [])

    def test_a_trunk_is_down_when_no_living_node_reaches_it(self):
        self.found("a", "unreachable")
        self.assertEqual(self.down(), [self.trunk.id])
        self.found("dead", "registered", heartbeat_age_s=90)
        self.assertEqual(self.down(), [self.trunk.id])
        self.found("b", "registered")
        self.assertEqual(self.down(), [])

    def test_only_staff_of_the_owner_reads_it_and_nobody_writes(self):
        self.found("a", "rejected")
        support = new_test_user(self.env, "trunk_support", groups="telecom_base.group_support")
        states = self.env["telecom.trunk.state"].with_user(support)
        self.assertEqual(states.search([("trunk_id", "=", self.trunk.id)]).state, "rejected")
        self.assertEqual(self.trunk.with_user(support).link_state, "rejected")
        with self.assertRaises(AccessError):
            states.search([]).write({"state": "registered"})
        stranger = new_test_user(self.env, "trunk_stranger", groups="telecom_base.group_reseller_admin")
        with self.assertRaises(AccessError):
            states.with_user(stranger).search([])

    def test_a_trunk_that_registers_is_known_by_its_registration(self):
        row = self.row("asterisk.ps_registrations", id=self.name)
        self.assertEqual((row["server_uri"], row["client_uri"]), ("sip:192.0.2.7:5062", "sip:me@192.0.2.7"))
        self.assertEqual((row["outbound_auth"], row["endpoint"], row["line"]), (self.name, self.name, "yes"))
        self.assertNotIn("secret-words", str(row))
        self.assertIsNone(self.row("asterisk.ps_endpoint_id_ips", id=self.name))
        self.assertTrue(self.row("switch_v1_trunk", trunk_id=self.trunk.id)["registers"])
        self.trunk.write({"username": "me@carrier.example", "transport": "tcp", "match_ips": "192.0.2.0/28"})
        row = self.row("asterisk.ps_registrations", id=self.name)
        self.assertEqual(row["server_uri"], "sip:192.0.2.7:5062^3Btransport=tcp")
        self.assertEqual(row["client_uri"], "sip:me@carrier.example")
        self.assertEqual(self.row("asterisk.ps_endpoint_id_ips", id=self.name)["match"], "192.0.2.0/28")
        self.trunk.active = False
        self.assertIsNone(self.row("asterisk.ps_registrations", id=self.name))
        self.trunk.write({"active": True, "registers": False})
        self.assertIsNone(self.row("asterisk.ps_registrations", id=self.name))

    def test_checks_and_identity_reach_asterisk(self):
        checked = f"{self.name}-check"
        called, asked = self.row("asterisk.ps_aors", id=self.name), self.row("asterisk.ps_aors", id=checked)
        self.assertEqual((called["qualify_frequency"], asked["qualify_frequency"]), (0, 30))
        self.assertEqual(called["contact"], asked["contact"])
        endpoint = self.row("asterisk.ps_endpoints", id=self.name)
        self.assertEqual(endpoint["aors"], f"{self.name},{checked}")
        self.assertEqual((endpoint["from_user"], endpoint["send_pai"]), (None, "no"))
        self.trunk.write({"check_s": False, "identity": "login", "username": "me@carrier.example"})
        self.assertIsNone(self.row("asterisk.ps_aors", id=checked))
        endpoint = self.row("asterisk.ps_endpoints", id=self.name)
        self.assertEqual((endpoint["from_user"], endpoint["send_pai"]), ("me", "yes"))
        self.assertEqual(endpoint["aors"], self.name)
        phone = self.row("asterisk.ps_endpoints", id=self.endpoint)
        self.assertEqual((phone["from_user"], phone["send_pai"]), (None, "no"))
