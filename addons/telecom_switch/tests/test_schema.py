from odoo.tests import TransactionCase, tagged

MONEY_FUNCTIONS = (
    *("telecom_wallet_post", "telecom_wallet_reserve", "telecom_call_settle", "telecom_journal_resolve"),
    *("telecom_live_publish", "telecom_switch_hang_up"),
)


@tagged("post_install", "-at_install")
class TestSchema(TransactionCase):
    def view_oid(self, view="switch_v1_account"):
        self.env.cr.execute("select to_regclass(%s)::oid", [view])
        return self.env.cr.fetchone()[0]

    def update(self):
        self.env["telecom.switch.schema"].init()

    def test_an_update_leaves_unchanged_views_alone(self):
        before = self.view_oid()
        self.update()
        self.assertEqual(self.view_oid(), before)

    def test_an_update_makes_all_views_again_when_one_was_dropped(self):
        before = self.view_oid()
        self.env.cr.execute("drop view asterisk.ps_auths")
        self.update()
        self.assertTrue(self.view_oid("asterisk.ps_auths"))
        self.assertNotEqual(self.view_oid(), before)

    def test_an_update_makes_all_views_again_when_their_text_changed(self):
        before = self.view_oid()
        self.env.cr.execute("comment on view switch_v1_contract is 'made by an older version 17'")
        self.update()
        self.assertNotEqual(self.view_oid(), before)
        self.assertTrue(self.view_oid("asterisk.ps_endpoints"))

    def test_a_column_below_a_view_can_be_dropped_and_comes_back(self):
        """Odoo drops depending views when it changes a column; the update then restores them."""
        self.env.cr.execute("alter table telecom_phone drop column codecs cascade")
        self.assertFalse(self.view_oid("asterisk.ps_endpoints"))
        self.env.cr.execute("alter table telecom_phone add column codecs varchar")
        self.update()
        self.assertTrue(self.view_oid("asterisk.ps_endpoints"))

    def test_the_tables_of_the_bridges_keep_their_rows(self):
        self.env.cr.execute("insert into telecom_journal_offset values ('t1', '1-2', 77)")
        self.update()
        self.env.cr.execute("select read_offset from telecom_journal_offset where node = 't1'")
        self.assertEqual(self.env.cr.fetchone(), (77,))

    def test_not_everybody_may_move_money(self):
        for name in MONEY_FUNCTIONS:
            self.env.cr.execute(
                "select proacl::text from pg_proc where proname = %s and pronamespace = 'public'::regnamespace", [name]
            )
            grants = self.env.cr.fetchone()[0]
            with self.subTest(function=name):
                # '=X/owner' is what an access list says of everybody; an empty list means everybody too
                self.assertTrue(grants)
                self.assertNotIn("{=X/", grants)
                self.assertNotIn(",=X/", grants)

    def test_asterisk_sees_its_schema_only(self):
        if not self.role_exists("bss_asterisk"):
            self.skipTest("this cluster has no role bss_asterisk")
        self.env.cr.execute(
            "select relnamespace::regnamespace || '.' || relname from pg_class where relkind in ('r', 'v', 'p', 'm')"
            " and relnamespace in ('public'::regnamespace, 'asterisk'::regnamespace)"
            " and has_table_privilege('bss_asterisk', oid, 'select') order by 1"
        )
        self.assertEqual(
            [name for (name,) in self.env.cr.fetchall()],
            [
                *("asterisk.ps_aors", "asterisk.ps_auths", "asterisk.ps_endpoint_id_ips", "asterisk.ps_endpoints"),
                "asterisk.ps_registrations",
            ],
        )

    def test_the_bridge_writes_its_own_tables_only(self):
        if not self.role_exists("bss_bridge"):
            self.skipTest("this cluster has no role bss_bridge")
        self.env.cr.execute(
            "select relname from pg_class where relkind in ('r', 'v', 'p') and relnamespace = 'public'::regnamespace"
            " and has_table_privilege('bss_bridge', oid, 'insert, update, delete, truncate') order by 1"
        )
        self.assertEqual(
            [name for (name,) in self.env.cr.fetchall()],
            [
                *("telecom_journal_offset", "telecom_journal_set_aside", "telecom_leg_open"),
                *("telecom_switch_finding", "telecom_switch_node", "telecom_trunk_state"),
            ],
        )

    def test_the_bridge_writes_nothing_of_a_command_but_its_outcome(self):
        if not self.role_exists("bss_bridge"):
            self.skipTest("this cluster has no role bss_bridge")
        self.env.cr.execute(
            "select attname from pg_attribute where attrelid = 'telecom_switch_command'::regclass and attnum > 0"
            " and has_column_privilege('bss_bridge', attrelid, attnum, 'update') order by 1"
        )
        self.assertEqual([name for (name,) in self.env.cr.fetchall()], ["done_at", "outcome"])

    def role_exists(self, name):
        self.env.cr.execute("select from pg_roles where rolname = %s", [name])
        return bool(self.env.cr.rowcount)
