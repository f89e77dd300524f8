"""A real call at a wrong price is given back and charged anew at every level; its record and the ledger say so."""

import time
from datetime import UTC, datetime, timedelta

import pytest

WRONG, RIGHT = 0.02, 0.05
"""Wholesale to British fixed lines, per minute, beside a fee of 0.01; Acme pays 25 % more."""


def test_a_wrong_price_is_corrected_after_the_call(switch):
    acme, northwind, rate = switch.account("acme"), switch.account("northwind"), switch.ref("rate_wholesale_uk_fixed")
    point = switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(1.2)
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    assert leg["answered_s"] == 2
    before = {account: switch.wallet(account)[0] for account in (acme, northwind)}
    assert [one["net_micro"] for one in switch.charges(leg["id"])] == [13_300, 10_700]
    try:
        with switch.noticed():
            switch.odoo.write("telecom.rate", rate, price=RIGHT)
        run = rerate(switch, leg)
        lines = switch.all("select account_id, net_micro from telecom_call_correction where run_id = %s", run)
        # 0.0125 + 0.0625 / 30 and 0.01 + 0.05 / 30, half up at 4 decimals
        assert {one["account_id"]: one["net_micro"] for one in lines} == {acme: 14_600, northwind: 11_700}
        post(switch, run, "action_apply", "applied")
        assert switch.wallet(acme)[0] == before[acme] - 14_600 + 13_300
        assert switch.wallet(northwind)[0] == before[northwind] - 11_700 + 10_700
        assert [one["gross_micro"] for one in switch.charges(leg["id"])] == [
            *(13_300, -13_300, 14_600), *(10_700, -10_700, 11_700),
        ]  # fmt: skip
        record = switch.one("select revenue_net_micro from telecom_call_record where id = %s", leg["id"])
        assert record == {"revenue_net_micro": 11_700}
        assert switch.odoo.read("telecom.rerate.run", rerate(switch, leg), "changed_count") == 0  # never twice
        post(switch, run, "action_undo", "undone")
        assert {account: switch.wallet(account)[0] for account in before} == before
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.rate", rate, price=WRONG)


def test_what_the_carrier_takes_is_corrected_after_the_call(switch):
    point = switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(1.2)
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    deck = switch.one(
        """select id, price_micro from telecom_deck_rate where carrier_id = %s
              and direction = 'outbound' and starts_with(%s, prefix) order by length(prefix) desc limit 1""",
        leg["carrier_id"],
        leg["e164"],
    )
    price = deck["price_micro"] / 1_000_000
    before = switch.odoo.read("telecom.call.record", leg["id"], "carrier_cost", "margin")
    try:
        with switch.noticed():
            switch.odoo.write("telecom.deck.rate", deck["id"], price=price + 0.6)
        run = rerate(switch, leg, subject="costs")
        post(switch, run, "action_apply", "applied")
        after = switch.odoo.read("telecom.call.record", leg["id"], "carrier_cost", "margin", "carrier_settled")
        assert after["carrier_cost"] == pytest.approx(before["carrier_cost"] + 0.02)  # 2 s at 0.6 a minute
        assert after["margin"] == pytest.approx(before["margin"] - 0.02)
        assert after["carrier_settled"] == before["carrier_cost"]
        lines = switch.all(
            "select carrier_id, old_micro, micro from telecom_call_cost_correction where run_id = %s", run
        )
        assert [(one["carrier_id"], one["micro"] - one["old_micro"]) for one in lines] == [(leg["carrier_id"], 20_000)]
        assert switch.odoo.read("telecom.rerate.run", rerate(switch, leg, subject="costs"), "cost_changed_count") == 0
        post(switch, run, "action_undo", "undone")
        assert switch.odoo.read("telecom.call.record", leg["id"], "carrier_cost", "margin") == before
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.deck.rate", deck["id"], price=price)


def rerate(switch, leg, **values) -> int:
    """A run over the second in which a leg started, compared: nobody else's calls are in it."""
    started = leg["started_at"].astimezone(UTC).replace(tzinfo=None, microsecond=0)
    company = switch.odoo.read("telecom.billing.account", switch.account("northwind"), "company_id")[0]
    run = switch.odoo.create(
        "telecom.rerate.run", name="Story", company_id=company, account_ids=[(6, 0, [switch.account("acme")])],
        date_from=_text(started), date_to=_text(started + timedelta(seconds=1)), **values,
    )  # fmt: skip
    post(switch, run, "action_preview", "previewed")
    return run


def post(switch, run: int, button: str, state: str) -> None:
    switch.odoo.call("telecom.rerate.run", [run], button)
    switch.odoo.call("telecom.rerate.run", [], "_run_queued")
    found = switch.odoo.read("telecom.rerate.run", run, "state", "message")
    assert (found["state"], found["message"]) == (state, False)


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S")
