"""Included minutes of a running call: what each level asks for, and what its money then has to pay (charging.md 18).

Seconds are set aside like money, in the same statement. A level asks for all seconds of the grant that would cost
something; when there are fewer the answer tells how many, and the rest of the grant is asked for in money.
"""

from collections.abc import Sequence
from dataclasses import replace

from ..allowance_ports import Cover, Covers, Included
from ..core.allowance import countable_s, covered
from ..core.rating import reservation_cost
from ..ports import Level
from .size_grant import Window, amounts_micro


def are_guarded(payers: Sequence[Level]) -> bool:
    """True when included minutes of some level count for the call, or it may spend so much only."""
    return any(level.allowance_ids or level.spend_limited for level in payers)


def least_micro(payers: Sequence[Level], window: Window, seconds: int, known: Included) -> tuple[int, ...]:
    """What each level sets aside at least for a call of `seconds`: with all included seconds that it is known to have.

    Empty when nothing is guarded. A limit of spending that is less than this ends the call.
    """
    if not are_guarded(payers):
        return ()
    covers_s = known.most_s or (0,) * len(payers)
    return tuple(amount_micro(level, window, seconds, most_s) for level, most_s in zip(payers, covers_s, strict=True))


def covers_of(payers: Sequence[Level], window: Window, seconds: int, known: Included) -> Covers:
    """What the levels ask for to cover a grant of `seconds`: all of it, or as much as they are known to have."""
    if not are_guarded(payers):
        return ()
    return tuple(
        _cover(level, window, seconds, known, place) if level.allowance_ids else None
        for place, level in enumerate(payers)
    )


def amounts_held(payers: Sequence[Level], window: Window, seconds: int, known: Included) -> tuple[int, ...]:
    """What each level sets aside when it gets no more included seconds than its call holds already."""
    held_s = known.held_s or (0,) * len(payers)
    return tuple(amount_micro(level, window, seconds, held) for level, held in zip(payers, held_s, strict=True))


def amount_micro(level: Level, window: Window, seconds: int, covered_s: int) -> int:
    """What a level sets aside for a call of up to `seconds` that begins with `covered_s` included ones.

    A call without any needs fee and first increment at least (charging.md 9); one that begins covered may end there.
    """
    if not covered_s:
        return amounts_micro([level], window, seconds)[0]
    return reservation_cost(covered(level.tariff, covered_s), window, seconds, level.rule)


def with_cover(payers: Sequence[Level], included: Included) -> tuple[Level, ...]:
    """Payers with the terms that they have when their calls get all included seconds that there are."""
    if not included.most_s:
        return tuple(payers)
    return tuple(
        replace(level, tariff=covered(level.tariff, most_s))
        for level, most_s in zip(payers, included.most_s, strict=True)
    )


def _cover(level: Level, window: Window, seconds: int, known: Included, place: int) -> Cover:
    wanted_s = countable_s(level.tariff, seconds)
    if known.most_s:
        wanted_s = min(wanted_s, known.most_s[place])
    return Cover(
        allowance_ids=level.allowance_ids,
        wanted_s=wanted_s,
        held_s=known.held_s[place] if known.held_s else None,
        amount_micro=amount_micro(level, window, seconds, wanted_s),
    )
