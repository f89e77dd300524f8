"""Before a call is cut off, the party that the plan names hears a sentence; the other one does not."""

from itertools import count

import pytest

from tests.support import staff
from tests.support.asterisk import free_addresses
from tests.support.inbound import new_plan
from tests.support.phone import Phone
from tests.support.sound import heard_at
from tests.support.switch import REPO

PROMPT = REPO / "asterisk" / "sounds" / "en" / "cut-off-soon.wav"
PER_SECOND = 10_000
BEFORE_S = 6
CREDIT_S = 9
CARRIER_PORT = 5062
_extensions = count(700)


@pytest.fixture(scope="module")
def new_price(whole_switch):
    """Makes plans of the owner at 0.01 a second to British numbers; they differ in who is warned."""
    owner = whole_switch.odoo.read("telecom.billing.account", whole_switch.ref("lighthouse"), "company_id")[0]

    def make(side, direction="outbound", **values):
        plan = new_plan(whole_switch, f"Warns {side} {next(_extensions)}", owner, direction=direction,
                        **{"warning_side": side, "warning_first_s": BEFORE_S, **values})  # fmt: skip
        whole_switch.odoo.create("telecom.rate", plan_id=plan, destination_id=whole_switch.ref("uk_fixed"), price=0.6)
        return plan

    return make


@pytest.fixture(scope="module")
def carrier_ip():
    """An address of the carrier's own: who calls from a trunk's address is taken for that carrier."""
    (address,) = free_addresses(1)
    return address


@pytest.fixture(scope="module")
def carrier_prefix(whole_switch, carrier_ip):
    """A prefix that a carrier of our own serves: a telephone, so that what it hears is recorded."""
    staff.new_trunk(whole_switch, "Listens", carrier_ip, CARRIER_PORT, prefix="442081", price=0.01)
    return "02081"


def customer(switch, plan, credit_s, field="rate_plan_id"):
    account, sip = staff.new_account(switch, str(next(_extensions)), credit_s * PER_SECOND)
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, **{field: plan})
    return account, sip


def carrier(switch, address):
    """The carrier's telephone: silent, answers at once."""
    phone = Phone(switch.folder, user="carrier", password="x", server=switch.node.sip, address=address,
                  tone_hz=0, register=False, port=CARRIER_PORT)  # fmt: skip
    switch.phones.append(phone)
    return phone


def warned(phone):
    """How many seconds before the end of its call a telephone heard the sentence begin, each time."""
    began = phone.wait(lambda event: event["event"] == "media")["at"]
    ended = phone.ended(seconds=20)["at"]
    return [ended - (began + at_s) for at_s in heard_at(phone.recording, PROMPT)]


@pytest.mark.parametrize(
    ("side", "who"), [("caller", {"caller"}), ("called", {"called"}), ("both", {"caller", "called"}), ("nobody", set())]
)
def test_an_outbound_call_warns_whom_the_plan_says(switch, new_price, carrier_prefix, carrier_ip, side, who):
    account, sip = customer(switch, new_price(side), CREDIT_S)
    point = switch.last_record()
    called, caller = carrier(switch, carrier_ip), switch.phone(sip, tone_hz=0)
    caller.dial(f"{carrier_prefix}460000")
    caller.state("CONFIRMED")
    assert caller.talked(seconds=20) == pytest.approx(CREDIT_S - 0.25, abs=0.5)

    heard = {name: warned(phone) for name, phone in (("caller", caller), ("called", called))}
    assert {name for name, times in heard.items() if times} == who
    for name in who:
        assert heard[name] == pytest.approx([BEFORE_S], abs=0.4)
    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    assert charge["gross_micro"] == leg["answered_s"] * PER_SECOND <= CREDIT_S * PER_SECOND
    assert switch.wallet(account) == (CREDIT_S * PER_SECOND - charge["gross_micro"], 0)
    assert switch.node.channels() == 0
