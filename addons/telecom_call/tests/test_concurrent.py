import json
import random

from odoo.addons.telecom_wallet.tests.common import SessionCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestConcurrentSettlement(SessionCase):
    """Several bridges read the same journal: each leg is charged once, whoever comes first."""

    @classmethod
    def forget(cls):
        with cls.connect() as connection, connection.cursor() as cr:
            cr.execute("DELETE FROM telecom_call_charge WHERE account_id = ANY(%s)", [cls.ids])
            cr.execute("DELETE FROM telecom_call_record WHERE account_id = ANY(%s)", [cls.ids])
        connection.close()
        return super().forget()

    def legs(self):
        """Build 60 legs, each charged to two accounts with 1,000 and 2,000 micro units."""
        dice = random.Random(7)
        for number in range(60):
            accounts = dice.sample(self.ids, 2)
            charges = [
                {
                    "level": level,
                    "account_id": account,
                    "company_id": 1,
                    "net_micro": 1_000 * (level + 1),
                    "tax_micro": 0,
                    "gross_micro": 1_000 * (level + 1),
                }
                for level, account in enumerate(accounts)
            ]
            yield {
                "leg_uniqueid": f"a-1763935936.{number}",
                "direction": "outbound",
                "started_at": "2025-11-23T22:12:16Z",
                "ended_at": "2025-11-23T22:13:16Z",
                "disposition": "answered",
                "account_id": accounts[0],
                "call_ref": f"c{number}",
                "charges": charges,
                "release": True,
            }

    def test_every_leg_is_charged_once_by_whoever_comes_first(self):
        legs, outcomes = list(self.legs()), []

        def settle(connection, number):
            mine = list(legs)
            random.Random(number).shuffle(mine)  # each session meets the legs in another order
            with connection.cursor() as cr:
                for start in range(0, len(mine), 7):
                    cr.execute("SELECT telecom_call_settle(%s)", [json.dumps(mine[start : start + 7])])
                    outcomes.extend(answer["outcome"] for answer in cr.fetchone()[0])

        self.in_sessions(settle)
        self.assertEqual((outcomes.count("settled"), outcomes.count("repeated")), (60, 180))
        self.assertEqual(
            self.query(
                "SELECT count(*), sum(gross_micro)::int FROM telecom_call_charge WHERE account_id = ANY(%s)", self.ids
            ),
            [(120, 180_000)],
        )
        self.assertEqual(
            self.query("SELECT sum(balance_micro)::int FROM telecom_wallet WHERE account_id = ANY(%s)", self.ids),
            [(-180_000,)],
        )
        self.assert_books_are_right()
