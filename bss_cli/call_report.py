"""Reads the legs and charges of a demo call: question and answer are JSON on stdin and stdout.

The one module here that needs the Python environment (psycopg); ./bss runs it with the environment's interpreter.
"""

import json
import sys
import time
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from telecom_switch_bridge.refusals import words_of

MICRO = 1_000_000
POLL_S = 0.25
QUIET_S = 1.5  # later attempts of the same call are settled this soon after the first

LEGS = """
select record.id, record.leg_uniqueid, record.direction, record.attempt, record.e164, record.dialled,
       record.disposition, record.answered_s, record.carrier_billed_s, record.carrier_cost_micro,
       record.carrier_currency, record.hangup_cause, carrier.name as carrier, trunk.name as trunk
from telecom_call_record record
join telecom_phone phone on phone.id = record.phone_id
left join telecom_carrier carrier on carrier.id = record.carrier_id
left join telecom_trunk trunk on trunk.id = record.trunk_id
where phone.sip_username = %(username)s and record.started_at >= to_timestamp(%(since)s)
order by record.started_at, record.attempt
"""
CHARGES = """
select charge.level, account.number, partner.name, company.name as provider, charge.billed_s, charge.currency,
       charge.net_micro, charge.tax_micro, charge.gross_micro, entry.amount_micro, entry.balance_after_micro,
       wallet.balance_micro
from telecom_call_charge charge
join telecom_billing_account account on account.id = charge.account_id
join res_partner partner on partner.id = account.partner_id
join res_company company on company.id = charge.company_id
left join telecom_wallet_entry entry on entry.id = charge.entry_id
left join telecom_wallet wallet on wallet.account_id = charge.account_id
where charge.record_id = %(record_id)s
order by charge.level
"""


def amount(micro: int | None) -> str | None:
    """Micro-units as decimal text with 6 places."""
    return None if micro is None else f"{Decimal(micro) / MICRO:.6f}"


def charge_report(row: dict[str, Any]) -> dict[str, Any]:
    """One charge; a free one has no entry, then the balance did not change."""
    after = row["balance_after_micro"] if row["balance_after_micro"] is not None else row["balance_micro"]
    before = None if after is None else after - (row["amount_micro"] or 0)
    kept = {key: row[key] for key in ("level", "number", "name", "provider", "billed_s", "currency")}
    money = {"net": "net_micro", "tax": "tax_micro", "gross": "gross_micro", "entry": "amount_micro"}
    return {**kept, **{name: amount(row[column]) for name, column in money.items()},
            "balance_before": amount(before), "balance_after": amount(after)}  # fmt: skip


def read_legs(connection: Any, username: str, began_at: float) -> list[dict[str, Any]]:
    """The telephone's legs that started since then (started_at is in whole seconds)."""
    since = int(began_at)
    legs = connection.execute(LEGS, {"username": username, "since": since}).fetchall()
    for leg in legs:
        rows = connection.execute(CHARGES, {"record_id": leg.pop("id")}).fetchall()
        leg["charges"] = [charge_report(row) for row in rows]
        leg["carrier_cost"] = amount(leg.pop("carrier_cost_micro"))
    return list(legs)


def main() -> int:
    question = json.load(sys.stdin)
    deadline = time.monotonic() + question["wait_s"]
    legs: list[dict[str, Any]] = []
    with psycopg.connect(question["dsn"], autocommit=True, row_factory=dict_row) as connection:
        while time.monotonic() < deadline and not legs:
            legs = read_legs(connection, question["username"], question["began_at"])
            time.sleep(QUIET_S if legs else POLL_S)
        legs = read_legs(connection, question["username"], question["began_at"])
    words = words_of(question["reason"])._asdict() if question["reason"] else None
    json.dump({"legs": legs, "words": words}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
