"""What staff do in Odoo for calls that go on elsewhere: forwards, ring groups, announced calls."""

from itertools import count
from typing import Any

from tests.support import journal
from tests.support.switch import Sip, Switch

_numbers = count(442079469100)


def extension(sip: Sip) -> str:
    """What colleagues dial."""
    return sip.username.rpartition("-")[2]


def price_micro(seconds: int) -> int:
    """What the demo's direct plan asks for a British number: 0.04 a minute, half up at 4 decimals."""
    return (seconds * 40_000 * 10 // 60 + 500) // 1000 * 100


def answered_by_carriers(switch: Switch, after: int) -> list[journal.Leg]:
    """Legs of the carriers' own journal that were answered, of those after the first `after`."""
    return [one for one in switch.carrier_legs()[after:] if one.answered_at is not None]


def charge_equals_the_carriers_record(switch: Switch, leg: dict[str, Any], after: int) -> journal.Leg:
    """Compare a settled leg with the only one that the carriers answered since; returns the carrier's."""
    (told,) = answered_by_carriers(switch, after)
    charged_like(switch, leg, told)
    return told


def charged_like(switch: Switch, leg: dict[str, Any], told: journal.Leg) -> None:
    """The leg was charged for the seconds in the carrier's journal."""
    assert abs(leg["duration_us"] / 1e6 - told.seconds) < 0.25
    (charge,) = switch.charges(leg["id"])
    assert charge["gross_micro"] == price_micro(leg["answered_s"])


def target_of(switch: Switch, sip: Sip) -> int:
    """The dial target of a telephone."""
    return switch.odoo.find("telecom.dial.target", ("phone_id.sip_username", "=", sip.username))


def target_outside(switch: Switch, account: int, number: str) -> int:
    """The dial target of a number outside; made when the account has none yet."""
    known = switch.all(
        "select id from telecom_dial_target where account_id = %s and external_number = %s", account, number
    )
    if known:
        return int(known[0]["id"])
    return switch.odoo.create("telecom.dial.target", account_id=account, kind="external", external_number=number)


def set_phone(switch: Switch, sip: Sip, **values: Any) -> None:
    """Change the tab Calls of a telephone, and wait until the bridge has read it."""
    phone = switch.odoo.find("telecom.phone", ("sip_username", "=", sip.username))
    with switch.noticed():
        switch.odoo.write("telecom.phone", phone, **values)


def new_group(switch: Switch, account: int, extension: str, targets: list[int], **values: Any) -> int:
    """A ring group; its dial target's id."""
    with switch.noticed():
        group = switch.odoo.create(
            "telecom.ring.group", account_id=account, name=f"Group {extension}", extension=extension,
            member_ids=[(0, 0, {"target_id": target, "sequence": place}) for place, target in enumerate(targets)],
            **values,
        )  # fmt: skip
    return switch.odoo.find("telecom.dial.target", ("group_id", "=", group))


def number_to(switch: Switch, account: int, target: int) -> str:
    """A number of the account that leads to a dial target."""
    company = switch.odoo.read("telecom.billing.account", account, "company_id")[0]
    e164 = str(next(_numbers))
    with switch.noticed():
        switch.odoo.create("telecom.number", e164=e164, company_id=company, account_id=account, target_id=target)
    return e164
