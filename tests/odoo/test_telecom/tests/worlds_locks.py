"""Spending locks of the worlds: every account has one that was lifted, so that all calls of the stories still go on."""

from psycopg2.extras import Json


def build_locks(worlds, mark):
    """Lock each account and unlock it again. `mark`: text of a party's names."""
    locks = worlds.env["telecom.spend.lock"]
    for party, account in worlds.accounts.items():
        request = Json({"call_ref": mark(party), "frozen": {"e164": mark(party)}})
        worlds.env.cr.execute("select telecom_spend_lock(%s, 'day', 1000000, 990000, %s)", [account.id, request])
        worlds.env.cr.execute("select telecom_spend_unlock(%s, %s)", [account.id, worlds.env.uid])
        locks._forget()
        worlds.add(party, locks.search([("account_id", "=", account.id)]))
