"""Terms of the calls that this bridge has authorised, so that they need not be read back when a call is charged.

The reservation's row stays the truth: it is asked for each time, and its terms with it unless they are known here under
the same caller's channel. A party that takes that channel's place changes the row's terms and its channel together
(`telecom_wallet_move_caller`), so what is known then counts no more. After a restart nothing is known.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..allowance_ports import Covers
from ..ledger_ports import LedgerTransaction, StoredReservation
from ..ports import CallTerms, ExtendOutcome, Reservation, Reservations, ReserveOutcome

MOST_KNOWN = 10_000
"""Calls kept; about 2 kB each. Those begun longest ago go first and are read from the database."""

TAKEN = "taken"


class Known(NamedTuple):
    """Terms as they were stored, and the caller's channel that they were stored with."""

    channel_uniqueid: str
    terms: CallTerms


class KnownTerms:
    """Terms by call_ref."""

    def __init__(self, most_known: int = MOST_KNOWN) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._most_known = most_known

    def __len__(self) -> int:
        return len(self._known)

    def keep(self, call_ref: str, channel_uniqueid: str, terms: CallTerms) -> None:
        """Know the terms of a reservation that has just been made."""
        self._known[call_ref] = Known(channel_uniqueid, terms)
        if len(self._known) > self._most_known:
            self._known.popitem(last=False)

    async def read(
        self, call_refs: Sequence[str], transaction: LedgerTransaction, terms: dict[str, CallTerms]
    ) -> Mapping[str, StoredReservation]:
        """Reservations that still exist, by call_ref. What is known of them is put into `terms`, the rest is read."""
        known = {call_ref: self._known[call_ref] for call_ref in call_refs if call_ref in self._known}
        channels = {call_ref: one.channel_uniqueid for call_ref, one in known.items()}
        stored = await transaction.reservations(call_refs, channels)
        terms.update((call_ref, known[call_ref].terms) for call_ref, one in stored.items() if one.frozen is None)
        return stored

    def forget(self, call_ref: str) -> None:
        """The call is charged and its reservation gone."""
        self._known.pop(call_ref, None)


class RememberTerms:
    """Port `Reservations` before another one: keeps the terms of what is reserved."""

    def __init__(self, reservations: Reservations, known: KnownTerms) -> None:
        self._reservations = reservations
        self._known = known

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        """Passed on. Only terms that were stored by this very request are known: with the routes that were left."""
        outcome = await self._reservations.reserve(wanted)
        if outcome.outcome == TAKEN and wanted.terms is not None:
            terms = wanted.terms
            if outcome.routes is not None:
                terms = replace(terms, routes=tuple(terms.routes[place] for place in outcome.routes))
            self._known.keep(wanted.call_ref, wanted.channel_uniqueid, terms)
        return outcome

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
