"""Included seconds of a call, as services and the reservations see them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cover:
    """Included seconds that a level wants for its call in all, and what it sets aside (`amount_micro`) if it gets them.

    `held_s`: what the call has of them already, None: not known. When there are no more than these the amount without
    a cover counts; when there is something between, nothing is set aside and the answer tells how many there are.
    """

    allowance_ids: tuple[int, ...]
    wanted_s: int
    held_s: int | None
    amount_micro: int


Covers = tuple[Cover | None, ...]
"""One a level, in the order of the accounts; empty: no level has included minutes."""


@dataclass(frozen=True, slots=True)
class Included:
    """Included seconds by level: what the call holds, and what it could hold at most. Empty: none has any."""

    held_s: tuple[int, ...] = ()
    most_s: tuple[int, ...] = ()


NO_INCLUDED = Included()
