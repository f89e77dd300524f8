import json

from odoo.addons.telecom_base.tests.common import TelecomCase


class WalletCase(TelecomCase):
    """Acme is a prepaid customer of reseller North, which is a postpaid customer of the owner (limit 500)."""

    def call(self, function, *args):
        """Run a wallet function by SQL, as the bridge does; flush first."""
        self.env.flush_all()
        marks = ", ".join(["%s"] * len(args))
        values = [json.dumps(arg) if isinstance(arg, (dict, list)) and function in BATCHES else arg for arg in args]
        self.env.cr.execute(f"SELECT {function}({marks})", values)  # noqa: S608  # names are literals of these tests
        return self.env.cr.fetchone()[0]

    def topup(self, account, amount_micro, key="t1"):
        return self.call("telecom_wallet_post", account.id, "topup", amount_micro, key, "Transfer 1", None)

    def wallet(self, account):
        """Return (balance, reserved) of an account in micro units."""
        self.env.cr.execute(
            "SELECT balance_micro, reserved_micro FROM telecom_wallet WHERE account_id = %s", [account.id]
        )
        return self.env.cr.fetchone()

    def request(self, call_ref, amounts, accounts=None, **values):
        """Build one reservation request; accounts default to Acme and its reseller."""
        accounts = (self.acme, self.north_account)[: len(amounts)] if accounts is None else accounts
        return {
            "call_ref": call_ref,
            "node": "a",
            "channel": "a-1763935936.12",
            "accounts": [account.id for account in accounts],
            "amounts": amounts,
            "granted_s": 120,
            "frozen": {"plan": 7},
            **values,
        }

    def reserve(self, *requests):
        return self.call("telecom_wallet_reserve", list(requests))

    def extend(self, *requests):
        return self.call("telecom_wallet_extend", list(requests))

    def reservation(self, call_ref):
        self.env.cr.execute(
            "SELECT amounts_micro, granted_s FROM telecom_reservation WHERE call_ref = %s", [call_ref]
        )
        return self.env.cr.fetchone()

    def assert_books_are_right(self):
        self.env.cr.execute("SELECT * FROM telecom_wallet_problems()")
        self.assertEqual(self.env.cr.fetchall(), [])


BATCHES = ("telecom_wallet_reserve", "telecom_wallet_extend", "telecom_call_settle")
