import select
import time
from contextlib import contextmanager

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

ANSWER_S = 5  # a notification arrives within milliseconds; the bound is for a busy machine
TOPICS = {
    "telecom_billing_account": {"account", "phone"},
    "telecom_tenant": {"account"},
    "account_tax": {"account"},
    "telecom_numbering_plan": {"numbering", "account", "trunk"},
    "telecom_phone": {"phone", "number", "target"},
    "telecom_number": {"number", "phone"},
    "telecom_dial_target": {"number", "target"},
    "telecom_ring_group": {"target", "number"},
    "telecom_ring_group_member": {"target"},
    "telecom_destination_group": {"destination"},
    "telecom_destination": {"destination"},
    "telecom_destination_prefix": {"destination"},
    "telecom_rate_plan": {"plan"},
    "telecom_rate": {"rate"},
    "telecom_carrier": {"carrier", "trunk"},
    "telecom_trunk": {"trunk"},
    "telecom_route": {"route"},
    "telecom_route_line": {"route"},
}
WATCHED_COLUMN = {"telecom_billing_account": "state", "account_tax": "amount"}


@tagged("post_install", "-at_install")
class TestNotify(TransactionCase):
    """Notifications leave at commit, so these tests use connections of their own; they change no row that stays."""

    @contextmanager
    def listening(self):
        """A function that returns the topics heard since, after `count` came or nothing came any more."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("listen bss_changed")
            cr.commit()  # pylint: disable=invalid-commit  # a connection of its own: LISTEN begins at commit
            connection = cr._cnx
            connection.notifies.clear()

            def heard(count):
                ends = time.monotonic() + ANSWER_S
                while len(connection.notifies) < count and (left := ends - time.monotonic()) > 0:
                    select.select([connection], [], [], left)
                    connection.poll()
                topics = {notice.payload for notice in connection.notifies}
                connection.notifies.clear()
                return topics

            yield heard

    def committed(self, statement):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(statement)

    def test_each_table_sends_its_topics(self):
        with self.listening() as heard:
            for table, topics in TOPICS.items():
                column = WATCHED_COLUMN.get(table, "id")
                statement = SQL("update %s set %s = %s where false", *map(SQL.identifier, (table, column, column)))
                self.committed(statement)
                with self.subTest(table=table):
                    self.assertEqual(heard(len(topics)), topics)

    def test_a_deck_names_its_carrier(self):
        row = (
            "insert into telecom_deck_rate (carrier_id, prefix, connect_fee_micro, price_micro, price_unit_s,"
            " first_increment_s, next_increment_s, included_s) values (%s, '4420', 0, 10000, 60, 1, 1, 0)"
        )
        carrier_id = self.make_carrier()
        for table in ("telecom_carrier", "telecom_deck_rate"):  # clean-ups run in the reverse order
            column = "id" if table == "telecom_carrier" else "carrier_id"
            gone = SQL("delete from %s where %s = %s", SQL.identifier(table), SQL.identifier(column), carrier_id)
            self.addCleanup(self.committed, gone)
        with self.listening() as heard:
            for statement in (
                row,
                "update telecom_deck_rate set price_micro = 11000 where carrier_id = %s",
                "delete from telecom_deck_rate where carrier_id = %s",
            ):
                self.committed(SQL(statement, carrier_id))
                with self.subTest(statement=statement.split()[0]):
                    self.assertEqual(heard(1), {f"deck:{carrier_id}"})

    def make_carrier(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            env = self.env(cr=cr)
            company = env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
            return env["telecom.carrier"].create({"name": "Notify", "company_id": company.id}).id
