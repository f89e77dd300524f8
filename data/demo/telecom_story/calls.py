"""One call of the story from the question to its legs, by the bridge's own services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from telecom_switch_bridge.ports import (
    MAX_CALL_S,
    Allowed,
    CallRequest,
    CallTerms,
    Catalogue,
    PlannedRoute,
    Refused,
    Reservations,
)
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.leg_mark import CallMark
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.route_inbound import prepare_inbound
from telecom_switch_bridge.services.settle_leg import LegEnd, settle_leg

from .books import NODE
from .faults import Fault, failure
from .numbers import dialled
from .traffic import PlannedCall

CAUSES = {"answered": 16, "busy": 17, "no_answer": 19, "cancelled": 16, "unallocated": 1}
"""Q.850 causes of a leg by how the called party takes the call."""

FIRST_SIGN_S = 1.0
"""From the question to the leg."""

CUT_BEFORE_S = 0.25
"""The switch's limit is the granted time less this (docs/architecture.md, cut-off)."""


@dataclass(frozen=True, slots=True)
class World:
    """What all calls of a month share."""

    catalogue: Catalogue
    reservations: Reservations
    faults: Sequence[Fault]
    end: datetime
    inbound_trunk: str


@dataclass(slots=True)
class Outcome:
    """Legs to settle, and the authorisation to give back when none of them was answered. `refused`: why it was."""

    legs: list[dict[str, Any]] = field(default_factory=list)
    release: str | None = None
    refused: str = ""


async def place_call(call: PlannedCall, world: World) -> Outcome:
    """Ask whether the call may start, then let it happen."""
    request = _request(call, world)
    allowed = await authorise_call(
        request,
        catalogue=world.catalogue,
        reservations=world.reservations,
        now=call.at,
        grant_s=round(call.talk_s) + 1,
        prepare=_prepare_arriving if call.kind == "inbound" else prepare_call,
    )
    if isinstance(allowed, Refused):
        return Outcome(refused=allowed.reason.value)
    return _happen(call, allowed, request.channel_uniqueid, world)


def _request(call: PlannedCall, world: World) -> CallRequest:
    channel = f"{NODE}-{int(call.at.timestamp())}.{call.place * 10}"
    if call.kind == "inbound":
        return CallRequest(world.inbound_trunk, call.caller.number, 1, call.other, channel, f"PJSIP/{channel}")
    return CallRequest(call.phone, _dialled(call, world.catalogue), 1, "", channel, f"PJSIP/{call.phone}-{call.place}")


def _dialled(call: PlannedCall, catalogue: Catalogue) -> str:
    if call.kind == "internal":
        return call.other
    phone = catalogue.phone(call.phone)
    account = catalogue.account(phone.account_id) if phone else None
    assert account is not None, f"telephone {call.phone} has an account"  # noqa: S101
    return dialled(call.other, account.country_code, account.national_prefix, account.international_prefix)


def _prepare_arriving(request: CallRequest, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    """Terms of the carrier's leg; no number of the story leads outside."""
    call = prepare_inbound(request, catalogue=catalogue, now=now)
    return call if isinstance(call, Refused) else call.arriving


def _happen(call: PlannedCall, allowed: Allowed, channel: str, world: World) -> Outcome:
    """Try the routes in order until one takes the call; what the called party does then, the story says."""
    done = Outcome()
    at = call.at + timedelta(seconds=FIRST_SIGN_S)
    granted_s = MAX_CALL_S if allowed.granted_s is None else allowed.granted_s
    routes: Sequence[PlannedRoute | None] = allowed.terms.routes if call.kind == "outbound" else (None,)
    answered = False
    for attempt, route in enumerate(routes, 1):
        cause = _failure(call, route, attempt, world, at)
        answered = cause is None and call.fate == "answered"
        end = _leg(call, channel, attempt, at, cause, min(call.talk_s, granted_s - CUT_BEFORE_S))
        if end.ended_at > world.end:  # it would still run: the story ends before it began
            break
        mark = CallMark(allowed.call_ref, None if call.kind == "inbound" else attempt)
        settlement = settle_leg(end, mark, allowed.terms, granted_s)
        assert settlement is not None, "a leg of the story is one that is settled"  # noqa: S101
        done.legs.append(settlement.leg)
        if cause is None:
            break
        at = end.ended_at
    if not answered or not done.legs or done.legs[-1]["answered_at"] is None:
        done.release = allowed.call_ref
    return done


def _failure(call: PlannedCall, route: PlannedRoute | None, attempt: int, world: World, at: datetime) -> int | None:
    if route is None or route.carrier_id is None:
        return None
    return failure(world.faults, route.carrier_id, call.other, at, call.chance[(attempt - 1) % len(call.chance)])


def _leg(  # noqa: PLR0917
    call: PlannedCall, channel: str, attempt: int, at: datetime, cause: int | None, talk_s: float
) -> LegEnd:
    """Times of one leg. A carrier that does not take the call says so within seconds."""
    answered_at = None
    if cause is not None:
        ended_at = at + timedelta(seconds=0.4 + 2 * call.chance[-1])
    elif call.fate == "answered":
        answered_at = at + timedelta(seconds=call.ring_s)
        ended_at = answered_at + timedelta(seconds=talk_s)
    else:
        ended_at = at + timedelta(seconds=call.ring_s)
    unique = channel if call.kind == "inbound" else f"{NODE}-{int(at.timestamp())}.{call.place * 10 + attempt}"
    return LegEnd(
        leg_uniqueid=unique,
        linkedid=channel,
        node=NODE,
        answered_at=answered_at,
        ended_at=ended_at,
        hangup_cause=CAUSES[call.fate] if cause is None else cause,
    )
