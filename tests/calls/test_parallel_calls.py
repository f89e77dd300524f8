"""Many calls at once on one purse: what it can pay for may start, all are cut when it is empty, it never overdraws."""

import pytest

from tests.support import staff
from tests.support.asterisk import free_addresses
from tests.support.inbound import new_plan
from tests.support.sipp import Sipp
from tests.support.switch import Switch
from tests.support.until import until

DEAR, VERY_DEAR = "33", "34"
PRICES = {DEAR: 0.60, VERY_DEAR: 3.00}  # per minute: 0.01 and 0.05 a second
COST = 0.10
CALLER_PORT = 5062


@pytest.fixture(scope="module")
def dear(whole_switch: Switch) -> int:
    """A plan with destinations that empty a purse within seconds, by which a story need not take minutes.

    It warns nobody: a warning's time is set aside ahead, by which some calls would find the purse reserved.
    """
    odoo = whole_switch.odoo
    owner = odoo.read("telecom.billing.account", whole_switch.ref("lighthouse"), "company_id")[0]
    plan = new_plan(whole_switch, "Dear", owner, direction="outbound", warning_side="nobody")
    with whole_switch.noticed():
        for prefix, price in PRICES.items():
            group = odoo.create("telecom.destination.group", name=f"Dear {prefix}")
            destination = odoo.create(
                "telecom.destination", name=f"Dear {prefix}", group_id=group, network_type="fixed",
                prefix_ids=[(0, 0, {"prefix": prefix})],
            )  # fmt: skip
            odoo.create(
                "telecom.rate", plan_id=plan, destination_id=destination, method="fixed",
                connect_fee=0, price=price, first_increment_s=1, next_increment_s=1,
            )  # fmt: skip
            odoo.create(
                "telecom.deck.rate", carrier_id=whole_switch.ref("atlantic"), prefix=prefix, price=COST,
                first_increment_s=1, next_increment_s=1,
            )  # fmt: skip
    return plan


@pytest.mark.parametrize(
    ("calls", "credit_micro", "prefix", "extension"),
    [(6, 5_000_000, VERY_DEAR, "551"), (200, 20_000_000, DEAR, "552")],
)
def test_calls_at_once_spend_a_purse_and_not_more(switch, dear, tmp_path, calls, credit_micro, prefix, extension):
    account, sip = staff.new_account(switch, extension, credit_micro)
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, rate_plan_id=dear)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    (address,) = free_addresses(1)
    telephone = Sipp(tmp_path, address, [(sip.username, sip.password)])

    telephone.call_until_cut(
        switch.node.sip, f"00{prefix}1230000", calls=calls, per_second=100, limit_s=90, port=CALLER_PORT
    )

    until(lambda: switch.node.channels() == 0, seconds=10, reason="no channel is left")
    settled = switch.settled(point)
    legs = [leg for leg in settled if leg["disposition"] == "answered"]
    unanswered = [leg for leg in settled if leg["disposition"] != "answered"]
    assert not unanswered and 0.9 * calls <= len(legs) <= calls, (
        "the purse could pay for the begin of every call; on a slow machine the last ones find it reserved"
    )
    charged = sum(switch.charges(leg["id"])[0]["gross_micro"] for leg in legs)
    balance, reserved = switch.wallet(account)
    assert (balance, reserved) == (credit_micro - charged, 0)
    assert 0 <= balance < credit_micro // 20, "spent to its end, and never beyond"
    assert entries(switch, account) == balance
    assert lengths_differ_by(legs) <= 2 * grant_s(switch), (
        "what is left is shared: no call lives long on others' credit"
    )

    theirs = sorted(leg.seconds for leg in switch.carrier_legs()[carried:])
    ours = sorted(leg["duration_us"] / 1e6 for leg in legs)
    assert len(theirs) == len(ours)
    assert max(abs(a - b) for a, b in zip(theirs, ours, strict=True)) < 0.5
    assert all(leg["answered_s"] == -(-leg["duration_us"] // 1_000_000) for leg in legs), (
        "every second, rounded up once"
    )


def entries(switch: Switch, account: int) -> int:
    """Sum of everything that ever moved an account's balance."""
    query = "select sum(amount_micro)::bigint as total from telecom_wallet_entry where account_id = %s"
    return int(switch.one(query, account)["total"])


def lengths_differ_by(legs: list[dict]) -> int:
    """Seconds between the shortest and the longest call."""
    return max(leg["answered_s"] for leg in legs) - min(leg["answered_s"] for leg in legs)


def grant_s(switch: Switch) -> int:
    """Seconds of one slice in these tests."""
    return switch.grants["default_s"]
