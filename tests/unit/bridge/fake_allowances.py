"""A fake of the reservations with included seconds, by the rules of the SQL functions and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from telecom_switch_bridge.allowance_ports import Cover, Covers, Included
from telecom_switch_bridge.ports import ExtendOutcome, Reservation, ReserveOutcome

from .fakes import FakeReservations


class FakeAllowances(FakeReservations):
    """`left_s`: seconds of an account that no call holds."""

    def __init__(self, headroom: Mapping[int, int], left_s: Mapping[int, int]) -> None:
        super().__init__(headroom)
        self.left_s = dict(left_s)
        self.held_s: dict[str, dict[int, int]] = {}
        self.questions = 0

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        self.questions += 1
        if wanted.call_ref in self.held:
            return await super().reserve(wanted)
        found = self._resolve(wanted.call_ref, wanted.account_ids, wanted.amounts_micro, wanted.covers)
        if found is None:
            return ReserveOutcome("partly", included=self._included(wanted.call_ref, wanted.account_ids))
        amounts, takes = found
        outcome = await super().reserve(replace(wanted, amounts_micro=amounts))
        if outcome.outcome == "taken":
            self._take(wanted.call_ref, takes)
        return replace(outcome, included=self._included(wanted.call_ref, wanted.account_ids))

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
        self.questions += 1
        if call_ref not in self.held:
            return ExtendOutcome("gone")
        accounts = self.held[call_ref].account_ids
        found = self._resolve(call_ref, accounts, amounts_micro, covers)
        if found is None:
            return ExtendOutcome("partly", included=self._included(call_ref, accounts))
        amounts, takes = found
        outcome = await super().extend(call_ref, amounts, granted_s, sharers)
        if outcome.outcome == "extended":
            self._take(call_ref, takes)
        return replace(outcome, included=self._included(call_ref, accounts))

    def _resolve(
        self, call_ref: str, accounts: Sequence[int], amounts: Sequence[int], covers: Covers
    ) -> tuple[tuple[int, ...], dict[int, int]] | None:
        chosen, takes = list(amounts), {}
        for place, (account, cover) in enumerate(zip(accounts, covers or [None] * len(accounts), strict=True)):
            if cover is None:
                continue
            held = self.held_s.get(call_ref, {}).get(account, 0)
            if not self._fits(cover, held, self.left_s.get(account, 0)):
                if self.left_s.get(account, 0) or cover.held_s != held:
                    return None
                continue
            chosen[place], takes[account] = cover.amount_micro, max(0, cover.wanted_s - held)
        return tuple(chosen), takes

    def _fits(self, cover: Cover, held_s: int, left_s: int) -> bool:
        return cover.wanted_s <= held_s + left_s

    def _take(self, call_ref: str, takes: Mapping[int, int]) -> None:
        held = self.held_s.setdefault(call_ref, {})
        for account, seconds in takes.items():
            held[account] = held.get(account, 0) + seconds
            self.left_s[account] -= seconds

    def _included(self, call_ref: str, accounts: Sequence[int]) -> Included:
        held = tuple(self.held_s.get(call_ref, {}).get(account, 0) for account in accounts)
        most = tuple(one + self.left_s.get(account, 0) for one, account in zip(held, accounts, strict=True))
        return Included(held, most)
