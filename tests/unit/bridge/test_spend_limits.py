"""Limits of spending as the bridge sees them: what a call needs at least is told, and what leaves no room is said."""

from dataclasses import replace

import pytest

from telecom_switch_bridge.ports import ExtendOutcome, Reason, Refused, ReserveOutcome
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.frozen_terms import terms_from_json
from telecom_switch_bridge.services.hold_back import HoldBack
from telecom_switch_bridge.services.known_terms import KnownTerms, RememberTerms

from .world import ACME, NOW, RESELLER, demo, request


class Asked:
    """Answers of the database, in order; `reserved` and `extended` have what was asked."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.reserved, self.extended = [], []

    async def reserve(self, wanted):
        self.reserved.append(wanted)
        return self.outcomes.pop(0)

    async def extend(self, *wanted, **more):
        self.extended.append((wanted, more))
        return ExtendOutcome("extended")


def limited(*account_ids):
    known = demo()
    return demo(
        account_rows=tuple(replace(one, spend_limited=one.account_id in account_ids) for one in known.account_rows)
    )


async def ask(asked, *account_ids):
    return await authorise_call(request(), catalogue=limited(*account_ids), reservations=asked, now=NOW, grant_s=120)


async def test_the_least_is_told_of_every_level_when_one_is_limited():
    asked = Asked(ReserveOutcome("taken", 120))
    allowed = await ask(asked, RESELLER)
    (wanted,) = asked.reserved
    assert wanted.account_ids == (ACME, RESELLER)
    assert wanted.covers == (None, None)
    assert wanted.least_micro == (12_900, 10_300), "fee and first second"
    assert [level.spend_limited for level in allowed.terms.levels] == [False, True]
    assert terms_from_json(wanted.frozen).levels[1].spend_limited is True


async def test_without_limits_the_call_goes_the_plain_way():
    asked = Asked(ReserveOutcome("taken", 120))
    await ask(asked)
    (wanted,) = asked.reserved
    assert (wanted.covers, wanted.least_micro) == ((), ())
    assert "spend_limited" not in str(wanted.frozen)


async def test_a_limit_shortens_the_grant():
    asked = Asked(ReserveOutcome("short", headroom_micro=(37_500, 10**9)), ReserveOutcome("taken", 60))
    await ask(asked, ACME)
    assert [one.granted_s for one in asked.reserved] == [120, 60]


async def test_a_limit_that_leaves_no_room_refuses_at_once_and_is_named():
    asked = Asked(ReserveOutcome("short", headroom_micro=(0, 10**9), limited=((ACME, "day"),)))
    answer = await ask(asked, ACME)
    assert answer == Refused(Reason.SPEND_LIMIT, f"account {ACME}: most per day")


@pytest.mark.parametrize(
    "port", [lambda one: HoldBack(one, lambda: True), lambda one: RememberTerms(one, KnownTerms())]
)
async def test_every_port_hands_on_what_a_running_call_needs_at_least(port):
    asked = Asked()
    await port(asked).extend("a-1", (5, 4), 130, (1, 2), (None, None), least_micro=(3, 2))
    assert asked.extended == [(("a-1", (5, 4), 130, (1, 2), (None, None)), {"least_micro": (3, 2)})]
