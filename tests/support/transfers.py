"""A customer of a reseller whose telephones transfer calls, and what each leg of them has to cost."""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.support import staff
from tests.support.inbound import new_number, new_plan, new_price, new_tower
from tests.support.journal import Leg, legs
from tests.support.phone import Phone
from tests.support.switch import Sip, Switch

LONDON, LONDON_RINGS_3_S, MOBILE = "02079460000", "02079460003", "004915112340000"
LONDON_E164, MOBILE_E164 = "442079460000", "4915112340000"

# (connect fee, price of a minute) of the customer and of its reseller; what the carrier takes a minute
PRICES: dict[str, tuple[tuple[str, str], ...]] = {
    LONDON_E164: (("0.0125", "0.025"), ("0.01", "0.02")),
    "442079460003": (("0.0125", "0.025"), ("0.01", "0.02")),
    MOBILE_E164: (("0", "0.075"), ("0", "0.06")),
    "inbound": (("0", "0.6"), ("0", "0.3")),
    "internal": (),
}
DEAR = {"uk_fixed": 0.04, "de_mobile": 0.12}
COSTS = {LONDON_E164: "0.01", "442079460003": "0.01", MOBILE_E164: "0.03", "inbound": "0", "internal": "0"}


def plan_without_warnings(switch: Switch, name: str) -> int:
    """The owner's plan with the prices (a minute) of DEAR; whom nobody warns is extended slice by slice."""
    owner = switch.odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id")[0]
    plan = new_plan(switch, name, owner, direction="outbound", warning_side="nobody")
    with switch.noticed():
        for destination, price in DEAR.items():
            switch.odoo.create(
                "telecom.rate", plan_id=plan, destination_id=switch.ref(destination), method="fixed",
                connect_fee=0, price=price, first_increment_s=1, next_increment_s=1,
            )  # fmt: skip
    return plan


class Office:
    """A customer below one reseller (25 % more), both paying for calls in too; telephones 601 and 602, one number."""

    def __init__(self, switch: Switch, name: str) -> None:
        self.accounts, self.first = new_tower(switch, name, (25,))
        odoo = switch.odoo
        owner, reseller = (
            odoo.read("telecom.billing.account", account, "company_id")[0] for account in self.accounts[::-1]
        )
        plans = (
            new_plan(switch, f"{name} in", reseller, direction="inbound", base="parent", default_method="percent",
                     default_percent=100),
            new_price(switch, f"{name} wholesale in", 0.3, owner),
        )  # fmt: skip
        with switch.noticed():
            for account, plan in zip(self.accounts, plans, strict=True):
                odoo.write("telecom.billing.account", account, inbound_rate_plan_id=plan)
        self.second = staff.new_phone(switch, self.accounts[0], "602")
        self.number = new_number(switch, self.accounts[0], self.first)


class Story:
    """One call: begun, transferred, and compared with what the carrier says of it."""

    def __init__(
        self, switch: Switch, accounts: list[int], first: Sip, second: Sip | None = None, *, silent: bool = False
    ) -> None:
        self.switch, self.accounts = switch, accounts
        self.point, self.carried = switch.last_record(), len(legs(switch.far.journal))
        self.before = [switch.wallet(account)[0] for account in accounts]
        self.phone = switch.phone(first, silent=silent)
        self.colleague = switch.phone(second, tone_hz=880) if second else None

    def dial(self, number: str, state: str = "CONFIRMED") -> None:
        """Make a call with the telephone that transfers, beside the one that it may have."""
        self.phone.forget()
        self.phone.dial(number)
        self.phone.state(state)

    def transfer(self, target: str, *, attended: bool) -> None:
        """Send the other party to a number; attended: call it first, then connect both."""
        if attended:
            self.dial(target)
            answer = self.phone.join()
        else:
            self.phone.forget()
            answer = self.phone.transfer(target)
        assert answer.get("code", 0) < 300, answer

    def hang_up_far(self) -> None:
        """Everybody in the public network hangs up."""
        self.switch.far.command("channel request hangup all")

    def agrees(self, count: int) -> list[dict[str, Any]]:
        """Wait for the legs; each is charged at every level for the carrier's own seconds, and nothing else is."""
        found = self.switch.settled(self.point, legs=count)
        assert len(found) == count, found
        theirs = [leg for leg in legs(self.switch.far.journal)[self.carried :] if leg.answered_at is not None]
        owed = [0 for _ in self.accounts]
        for leg in found:
            kind = leg["e164"] if leg["direction"] == "outbound" else leg["direction"]
            if kind != "internal":
                same_as_carrier(leg, theirs)
            gross = [charge["gross_micro"] for charge in self.switch.charges(leg["id"])]
            assert gross == [price_micro(*price, leg["answered_s"]) for price in PRICES[kind]], leg
            cost = Decimal(COSTS[kind]) * leg["answered_s"] / 60 * 1_000_000
            assert leg["carrier_cost_micro"] == cost.quantize(Decimal(1), ROUND_HALF_UP), leg
            owed = [sum(pair) for pair in zip(owed, gross or [0 for _ in owed], strict=True)]
        assert theirs == [], "a leg of the carrier that nobody paid"
        after = [self.switch.wallet(account) for account in self.accounts]
        assert after == [(before - paid, 0) for before, paid in zip(self.before, owed, strict=True)]
        assert self.switch.all("select from telecom_leg_open") == []
        return found


def same_as_carrier(leg: dict[str, Any], theirs: list[Leg]) -> None:
    """Take the carrier's record of a leg out of the list; it has the same seconds."""
    number = leg["e164"] if leg["direction"] == "outbound" else ""
    near = [one for one in theirs if one.userfield.rpartition("/")[2] == number]
    mine = leg["duration_us"] / 1e6
    best = min(near, key=lambda one: abs(one.seconds - mine), default=None)
    assert best is not None and abs(best.seconds - mine) < 0.2, (leg, theirs)
    theirs.remove(best)
    assert leg["answered_s"] == math.ceil(mine)


def price_micro(fee: str, per_minute: str, seconds: int) -> int:
    """What so many seconds cost, half up at 4 decimals."""
    exact = Decimal(fee) + Decimal(per_minute) * seconds / 60
    return int(exact.quantize(Decimal("0.0001"), ROUND_HALF_UP) * 1_000_000)


def hears(phone: Phone) -> Phone:
    """The telephone, once it is in a call."""
    phone.state("CONFIRMED", seconds=8)
    return phone
