from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPages(TransactionCase):
    def setUp(self):
        super().setUp()
        self.env.cr.execute("delete from telecom_switch_node")
        self.env.cr.execute("delete from telecom_journal_set_aside")

    def add_node(self, name, age_s):
        self.env.cr.execute(
            "insert into telecom_switch_node (name, heartbeat_at, version, info)"
            " values (%s, now() - make_interval(secs => %s), '1.2', '{\"calls\": 3}')",
            [name, age_s],
        )

    def add_line(self, node="a", reason="half a line", offset=10):
        self.env.cr.execute(
            "insert into telecom_journal_set_aside (node, file_id, line_offset, line, reason)"
            " values (%s, '8-15', %s, 'HANGUP,1763935936', %s) returning id",
            [node, offset, reason],
        )
        return self.env["telecom.journal.line"].browse(self.env.cr.fetchone()[0])

    def test_a_node_is_up_late_or_down_by_the_age_of_its_heartbeat(self):
        for name, age_s in (("n1", 0), ("n2", 12), ("n3", 20), ("n4", 55), ("n5", 65), ("n6", 7200)):
            self.add_node(name, age_s)
        nodes = self.env["telecom.switch.node"].search([])
        self.assertEqual(nodes.mapped("name"), ["n1", "n2", "n3", "n4", "n5", "n6"])
        self.assertEqual(nodes.mapped("state"), ["up", "up", "late", "late", "down", "down"])
        self.assertAlmostEqual(nodes[5].heartbeat_age_s, 7200, delta=5)
        self.assertIn('"calls": 3', nodes[0].info)

    def test_a_node_counts_its_legs_reservations_and_lines(self):
        self.add_node("a", 1)
        self.add_node("b", 1)
        self.env.cr.execute(
            "insert into telecom_leg_open (leg_uniqueid, node, answered_at) values ('a-1.2', 'a', now())"
        )
        self.env.cr.execute(
            "insert into telecom_reservation (call_ref, node, account_ids, amounts_micro, granted_s, frozen)"
            " values ('a-1.2-1', 'a', '{}', '{}', 60, '{}')"
        )
        self.add_line("a")
        self.add_line("a", offset=20).resolve("nothing to charge")
        nodes = self.env["telecom.switch.node"].search([])
        self.assertEqual(nodes.mapped("open_legs"), [1, 0])
        self.assertEqual(nodes.mapped("reservations"), [1, 0])
        self.assertEqual(nodes.mapped("lines_set_aside"), [1, 0])
        lines = self.env["telecom.journal.line"].search(nodes[0].action_open_lines()["domain"])
        self.assertEqual(len(lines), 2)

    def test_a_line_is_resolved_once_by_a_person_with_a_text(self):
        support = new_test_user(self.env, "switch_support", groups="telecom_base.group_support")
        line = self.add_line().with_user(support)
        self.assertEqual((line.state, line.reason), ("open", "half a line"))
        with self.assertRaises(UserError):
            line.resolve("  ")
        action = line.action_resolve()
        wizard = self.env[action["res_model"]].with_user(support).with_context(**action["context"])
        self.assertEqual(wizard.create({"what_was_done": "Entry 512"}).line_count, 1)
        wizard.create({"what_was_done": "Entry 512"}).action_apply()
        self.assertEqual((line.state, line.resolution, line.resolved_by), ("resolved", "Entry 512", support))
        line.resolve("Something else")
        self.assertEqual(line.resolution, "Entry 512")

    def test_a_line_is_read_again_as_it_is_or_repaired(self):
        support = new_test_user(self.env, "switch_support", groups="telecom_base.group_support")
        line = self.add_line().with_user(support)
        action = line.action_read_again()
        wizard = self.env[action["res_model"]].with_user(support).with_context(**action["context"]).create({})
        self.assertEqual((wizard.line, wizard.line_count), ("HANGUP,1763935936", 1))
        wizard.line = '"HANGUP","1763935936.0"\n'
        wizard.action_apply()
        self.assertEqual((line.state, line.repaired_line), ("asked", '"HANGUP","1763935936.0"'))
        self.env.cr.execute(
            "update telecom_journal_set_aside set again_asked_at = null, again_answer = '2 fields' where id = %s",
            [line.id],
        )
        line.invalidate_recordset()
        self.assertEqual((line.state, line.again_answer), ("open", "2 fields"))
        line.resolve("no call")
        line.read_again()
        self.assertEqual((line.state, line.again_answer), ("resolved", "2 fields"))

    def test_a_node_shows_its_alarms_room_and_findings(self):
        self.add_node("a", 1)
        self.add_node("b", 1)
        self.env.cr.execute(
            "update telecom_switch_node set info = %s where name = 'a'",
            ['{"alarms": ["journal_volume_full", "clock_set"], "journal_free_mb": 12}'],
        )
        self.env.cr.execute(
            "insert into telecom_switch_finding (node, kind, leg_uniqueid, call_ref, seconds)"
            " values ('a', 'lost_leg', 'a-1.2', 'a-1.1-1', 2.5), ('a', 'line_set_aside', null, null, null)"
        )
        nodes = self.env["telecom.switch.node"].search([])
        self.assertEqual(nodes.mapped("alarms"), ["journal_volume_full, clock_set", False])
        self.assertEqual(nodes.mapped("journal_free_mb"), [12, 0])
        self.assertEqual(nodes.mapped("findings"), [2, 0])
        findings = self.env["telecom.switch.finding"].search(nodes[0].action_open_findings()["domain"])
        lost = findings.filtered(lambda finding: finding.kind == "lost_leg")
        self.assertEqual((len(findings), lost.seconds), (2, 2.5))
        self.assertIn("last sign of life", lost.done)
        self.assertEqual(lost.action_open_records()["domain"], [("leg_uniqueid", "=", "a-1.2")])
        self.assertEqual((findings - lost).action_open_lines()["domain"], [("node", "=", "a")])

    def test_old_findings_are_deleted_after_the_days_that_are_set(self):
        findings, parameters = self.env["telecom.switch.finding"], self.env["ir.config_parameter"]
        self.env.cr.execute(
            "insert into telecom_switch_finding (node, kind, found_at) select 'z', 'clock_set',"
            " now() - make_interval(days => days) from unnest(array[0, 29, 31, 364, 366]) days"
        )

        def kept():
            findings._gc_findings()
            findings.invalidate_model()
            return findings.search_count([("node", "=", "z")])

        parameters.set_param("telecom_switch.finding_keep_days", "0")
        self.assertEqual(kept(), 5)
        parameters.set_param("telecom_switch.finding_keep_days", "a month")
        with self.assertLogs("odoo.addons.telecom_switch.models.telecom_switch_finding", "ERROR") as logs:
            self.assertEqual(kept(), 5)
        self.assertIn("telecom_switch.finding_keep_days must be a whole number of days", logs.output[0])
        parameters.set_param("telecom_switch.finding_keep_days", False)
        self.assertEqual(kept(), 4)
        parameters.set_param("telecom_switch.finding_keep_days", "30")
        self.assertEqual(kept(), 2)

    def test_an_auditor_reads_and_resolves_nothing(self):
        auditor = new_test_user(self.env, "switch_auditor", groups="telecom_base.group_auditor")
        line = self.add_line().with_user(auditor)
        self.assertEqual(line.reason, "half a line")
        with self.assertRaises(AccessError):
            line.resolve("gone")
        with self.assertRaises(AccessError):
            line.action_resolve()
        for ask in (line.read_again, line.action_read_again):
            with self.assertRaises(AccessError):
                ask()
        with self.assertRaises(AccessError):
            line.unlink()

    def test_pages_are_read_only_even_for_the_administrator(self):
        admin = new_test_user(self.env, "switch_admin", groups="telecom_base.group_admin")
        self.add_node("a", 1)
        node = self.env["telecom.switch.node"].with_user(admin).search([], limit=1)
        with self.assertRaises(AccessError):
            node.name = "b"
        with self.assertRaises(AccessError):
            self.add_line().with_user(admin).reason = "mine"

    def test_strangers_see_no_node_and_no_line(self):
        self.add_node("a", 1)
        line = self.add_line()
        for group in ("telecom_base.group_reseller_admin", "telecom_base.group_customer_admin", "base.group_user"):
            stranger = new_test_user(self.env, f"stranger_{group.split('.')[1]}", groups=group)
            with self.subTest(group=group):
                for model in ("switch.node", "switch.finding", "journal.line", "journal.resolve", "journal.again"):
                    with self.assertRaises(AccessError):
                        self.env[f"telecom.{model}"].with_user(stranger).search([])
                with self.assertRaises(AccessError):
                    line.with_user(stranger).resolve("x")
