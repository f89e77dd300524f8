"""What a call counts on: accounts of its chain, number and trunks, each by a name that the database counts by.

The names stand in the reservation, so the count follows living calls and survives every crash. Internal calls count on
nothing. Emergency calls count on their trunk and are never refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..ports import CallTerms, Catalogue, Counted, Decision, Reason, Refused
from ..values import Account
from .price_chain import MAX_LEVELS

INTERNAL, INBOUND = "internal", "inbound"


@dataclass(frozen=True, slots=True)
class CallCounts:
    """`on`: what the call counts on whichever way it goes; `trunks`: the trunk of each of its routes."""

    on: tuple[Counted, ...] = ()
    trunks: tuple[Counted, ...] = ()


def trunk_name(trunk_id: int) -> str:
    """Name by which a trunk's channels are counted."""
    return f"trunk:{trunk_id}"


def call_counts(terms: CallTerms, catalogue: Catalogue) -> CallCounts:
    """What an authorised call counts on, with the limits in force."""
    if terms.direction == INTERNAL:
        return CallCounts()
    trunks = tuple([_trunk(catalogue, route.trunk_id) for route in terms.routes if route.trunk_id is not None])
    if terms.decision is Decision.EMERGENCY:
        return CallCounts(trunks=tuple(replace(trunk, most=None) for trunk in trunks))
    on: tuple[Counted, ...] = ()
    if terms.direction == INBOUND:
        levels = levels_above(catalogue, terms.account_id)
        on += tuple(Counted(f"in:account:{level.account_id}", level.max_calls_inbound) for level in levels)
        on += tuple(_way_in(terms, catalogue))
    if terms.decision is Decision.EXTERNAL:
        on += _accounts_out(catalogue, terms.account_id)
    return CallCounts(on, trunks)


def _accounts_out(catalogue: Catalogue, account_id: int | None) -> tuple[Counted, ...]:
    """What calls of an account to the world count on; the same for each of them."""

    def made() -> tuple[Counted, ...]:
        levels = levels_above(catalogue, account_id)
        return tuple(Counted(f"out:account:{level.account_id}", level.max_calls_outbound) for level in levels)

    found: tuple[Counted, ...] = catalogue.keep(("out", account_id), made)
    return found


def levels_above(catalogue: Catalogue, account_id: int | None) -> tuple[Account, ...]:
    """An account and those of the resellers above it, whatever their state."""
    levels: list[Account] = []
    while account_id is not None and len(levels) < MAX_LEVELS:
        account = catalogue.account(account_id)
        if account is None:
            break
        levels.append(account)
        account_id = account.parent_account_id
    return tuple(levels)


def refusal(counts: CallCounts, full: tuple[str, ...]) -> Refused:
    """Why a call finds no place: somebody has too many calls, or every trunk that could carry it is full."""
    everybody = {counted.name for counted in counts.on}
    reason = Reason.TOO_MANY_CALLS if everybody.intersection(full) else Reason.NO_ROUTE
    return Refused(reason, f"full: {', '.join(full)}")


def full_names(counts: CallCounts, living: Mapping[str, int]) -> tuple[str, ...]:
    """Names of a call whose limit is reached by the calls that live."""
    return tuple(
        counted.name
        for counted in dict.fromkeys((*counts.on, *counts.trunks))
        if counted.most is not None and living.get(counted.name, 0) >= counted.most
    )


def within_limits(terms: CallTerms, counts: CallCounts, living: Mapping[str, int]) -> CallTerms | Refused:
    """What `telecom_switch_reserve` would decide beside so many living calls; for `explain`, which reserves nothing."""
    full = full_names(counts, living)
    routes = tuple(route for route in terms.routes if route.trunk_id is None or trunk_name(route.trunk_id) not in full)
    if not routes or any(counted.name in full for counted in counts.on):
        return refusal(counts, full)
    return replace(terms, routes=routes)


def _way_in(terms: CallTerms, catalogue: Catalogue) -> list[Counted]:
    """The number that was called and the channel of the carrier's trunk that it came by."""
    number = catalogue.number(terms.e164)
    found = [Counted(f"in:number:{number.number_id}", number.max_calls_inbound)] if number else []
    return [*found, _trunk(catalogue, terms.from_trunk_id)] if terms.from_trunk_id is not None else found


def _trunk(catalogue: Catalogue, trunk_id: int) -> Counted:
    def made() -> Counted:
        trunk = catalogue.trunks().get(trunk_id)
        return Counted(trunk_name(trunk_id), trunk.max_channels if trunk else None)

    found: Counted = catalogue.keep(("trunk", trunk_id), made)
    return found
