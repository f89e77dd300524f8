"""Keeps calls from starting that could never be charged, because the leg journal has no room for their records."""

from collections.abc import Callable, Sequence

from ..allowance_ports import Covers
from ..errors import JournalFull
from ..ports import ExtendOutcome, Reservation, Reservations, ReserveOutcome


class HoldBack:
    """Port `Reservations` before another one: as long as `is_full`, whoever would pay is told that the way is closed.

    Free calls pass; so do extensions, since a call that runs is charged by the sweeper if not by the journal. A call
    that a carrier brings goes on free of charge, as without a database (charging.md 12 and 15).
    """

    def __init__(self, reservations: Reservations, is_full: Callable[[], bool]) -> None:
        self._reservations = reservations
        self._is_full = is_full

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        """Set money aside; raises JournalFull or DatabaseAbsent."""
        if wanted.account_ids and self._is_full():
            raise JournalFull("the volume of the leg journal is full")
        return await self._reservations.reserve(wanted)

    async def extend(
        self,
        call_ref: str,
        amounts_micro: Sequence[int],
        granted_s: int,
        sharers: Sequence[int] | None = None,
        covers: Covers = (),
        *,
        least_micro: Sequence[int] = (),
    ) -> ExtendOutcome:
        """Passed on."""
        extend = self._reservations.extend
        return await extend(call_ref, amounts_micro, granted_s, sharers, covers, least_micro=least_micro)
