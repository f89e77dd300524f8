"""Prices of stored calls at every level: each price is found once for all calls that share it, then they are rated
together (`core/batch`). What a live call would have paid at that instant, by the prices as they stand now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..core.allowance import price_covered_from_second
from ..core.batch import TariffTable
from ..core.charge import charge_of
from ..core.prefix import MAX_DIGITS, Aligned, IntervalTable
from ..core.rating import ChargeRule, Tariff
from ..ports import Direction, Refused
from ..services.price_chain import MAX_LEVELS, LevelPrice, price_chain, price_inbound
from ..store.catalogue import LoadedCatalogue
from ..values import Account
from .numbered import Numbered

Int64Array = npt.NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIRECTIONS: tuple[Direction, ...] = ("outbound", "inbound")


class StoredLevels(NamedTuple):
    """Charges of stored calls, a row each: those of a call side by side, the customer's (level 0) first.

    `number`: the called number filled up with zeros to 15 digits, `digits`: how many of them are its own (0: none).
    `at_us`: when it was authorised, `answered_s`: second of its answer (both since 1970); `rule`: place in `rules`.
    `included_s`, `held_s`: seconds that the level took from an allowance, and those it had set aside before; they stay
    taken, and the level pays for the rest.
    """

    call: Int64Array
    level: Int64Array
    account: Int64Array
    direction: Int64Array
    number: Int64Array
    digits: Int64Array
    at_us: Int64Array
    answered_s: Int64Array
    duration_s: Int64Array
    rule: Int64Array
    included_s: Int64Array
    held_s: Int64Array


class Priced(NamedTuple):
    """New amounts (micro-units) for the same rows; `price` and `fault`: places in those of the pricer, or -1.

    A call with a fault at one level has it at all of them: it stays as it was charged.
    """

    net: Int64Array
    tax: Int64Array
    gross: Int64Array
    billed_s: Int64Array
    price: Int64Array
    fault: Int64Array


class Price(NamedTuple):
    """Terms of one level as they are frozen with a charge."""

    plan_id: int
    rate_id: int | None
    destination_id: int
    currency: str
    tariff: Tariff
    rule: ChargeRule


class Pricer:
    """Prices any number of batches; `prices` and `faults` grow meanwhile."""

    def __init__(self, catalogue: LoadedCatalogue, rules: Sequence[ChargeRule] | None) -> None:
        """`rules`: the taxes that calls were charged with, by place; None: those that the accounts have now."""
        self._catalogue = catalogue
        self._rules = rules
        self._prefixes = [prefix for prefix, _ in catalogue.prefix_rows]
        self._intervals = IntervalTable(self._prefixes)
        self._turns_us = np.array(sorted(_turns_us(catalogue)), dtype=np.int64)
        self._chains: dict[int, tuple[Account, ...]] = {}
        self._known: dict[tuple[int, ...], tuple[tuple[int, ...], int]] = {}
        self._prices, self._faults = Numbered(), Numbered()

    @property
    def prices(self) -> list[Price]:
        """Prices met so far."""
        return self._prices.things  # type: ignore[return-value]

    @property
    def faults(self) -> list[str]:
        """Why calls have no new price, in words for people."""
        return self._faults.things  # type: ignore[return-value]

    def fault(self, words: str) -> int:
        """Place of a fault that somebody else has found."""
        return self._faults.place(words)

    def price(self, rows: StoredLevels) -> Priced:
        """Price a batch."""
        price, fault = self._find(rows)
        found = np.flatnonzero(fault < 0)
        billed_s, net, tax, gross = (np.zeros(len(fault), np.int64) for _ in range(4))
        if len(found):
            numbers = {place: index for index, place in enumerate(np.unique(price[found]).tolist())}
            table = TariffTable([self.prices[place].tariff for place in numbers])
            tariffs = np.vectorize(numbers.__getitem__, otypes=[np.intp])(price[found])[None, :]
            costs = table.price(tariffs, rows.answered_s[found], rows.duration_s[found])
            billed_s[found] = costs.billed_s[0]
            net[found] = gross[found] = costs.cost_micro[0]
            self._single(rows, price, found, (net, tax, gross, billed_s))
        return Priced(net, tax, gross, billed_s, price, fault)

    def _single(self, rows: StoredLevels, price: Int64Array, found: Int64Array, out: tuple[Int64Array, ...]) -> None:
        """Rows whose charge is more than the price itself, or that drew on an allowance, go the single way."""
        plain = np.array([one.rule.compiled.plain for one in self.prices], dtype=bool)
        for row in found[~plain[price[found]] | (rows.included_s[found] > 0)].tolist():
            one = self.prices[price[row]]
            covers_s = {0, int(rows.held_s[row]), int(rows.included_s[row])}
            start_s, seconds = int(rows.answered_s[row]), int(rows.duration_s[row])
            priced = price_covered_from_second(one.tariff, start_s, seconds, covers_s)
            for amounts, amount in zip(out, (*charge_of(priced, one.rule)[:3], priced.billed_s), strict=True):
                amounts[row] = amount

    def _find(self, rows: StoredLevels) -> tuple[Int64Array, Int64Array]:
        """Price and fault of each row."""
        first = np.flatnonzero(rows.level == 0)
        starts = np.append(first, len(rows.level))
        call_of_row = np.cumsum(rows.level == 0) - 1
        prefix = self._intervals.longest(Aligned(rows.number[first], rows.digits[first].astype(np.int8)))
        turn = np.searchsorted(self._turns_us, rows.at_us[first], side="right")
        depth = np.diff(starts)
        keys = [rows.account[first], rows.direction[first], prefix.astype(np.int64), turn, depth]
        keys += [
            rows.rule[np.minimum(first + level, len(rows.rule) - 1)] * (depth > level) for level in range(MAX_LEVELS)
        ]
        distinct, inverse = _distinct(np.stack(keys))
        price, fault = np.full(len(rows.level), -1, np.int64), np.full(len(rows.level), -1, np.int64)
        examples = np.zeros(len(distinct), np.int64)
        examples[inverse] = np.arange(len(first))
        found = [self._known_price(tuple(key), rows, first[one]) for key, one in zip(distinct, examples, strict=True)]
        widest = max((len(places) for places, _ in found), default=0)
        filled = [places + (-1,) * (widest - len(places)) for places, _ in found]
        table = np.array(filled, np.int64).reshape(len(found), widest)
        fault[:] = np.array([fault_place for _, fault_place in found], np.int64)[inverse][call_of_row]
        good = fault < 0
        price[good] = table[inverse[call_of_row[good]], rows.level[good]]
        self._check_accounts(rows, price, fault, call_of_row)
        return price, fault

    def _check_accounts(
        self, rows: StoredLevels, price: Int64Array, fault: Int64Array, call_of_row: Int64Array
    ) -> None:
        """Calls whose chain of payers is another one now keep their charges."""
        payers = np.full((int(rows.account.max(initial=0)) + 1, MAX_LEVELS), -1, np.int64)
        for account_id, chain in self._chains.items():
            if account_id < len(payers):
                payers[account_id, : len(chain)] = [one.account_id for one in chain]
        customer = rows.account[np.flatnonzero(rows.level == 0)][call_of_row]
        wrong = payers[customer, rows.level] != rows.account
        if wrong.any():
            of_call = np.isin(call_of_row, call_of_row[wrong]) & (fault < 0)
            fault[of_call] = self._faults.place("who pays for whom has changed since the call")
            price[of_call] = -1

    def _known_price(self, key: tuple[int, ...], rows: StoredLevels, example: int) -> tuple[tuple[int, ...], int]:
        if key not in self._known:
            self._known[key] = self._chain_price(key, rows, example)
        return self._known[key]

    def _chain_price(self, key: tuple[int, ...], rows: StoredLevels, example: int) -> tuple[tuple[int, ...], int]:
        """Prices of a chain by place, customer first, or a fault."""
        chain = self._chain(key[0])
        e164 = str(int(rows.number[example])).rjust(MAX_DIGITS, "0")[: int(rows.digits[example])]
        at = EPOCH + timedelta(microseconds=int(rows.at_us[example]))
        if not chain:
            return (), self._faults.place("its account is not there any more")
        price = price_chain if DIRECTIONS[key[1]] == "outbound" else price_inbound
        levels = price(self._catalogue, chain, e164, at)
        if isinstance(levels, Refused):
            return (), self._faults.place(levels.detail)
        if [one.level for one in levels] != list(range(key[4])):
            return (), self._faults.place("other levels than then would pay for it")
        return tuple(self._prices.place(self._terms(one, key[5 + one.level])) for one in levels), -1

    def _terms(self, level: LevelPrice, rule: int) -> Price:
        plan, rate = level.plan, level.rate
        return Price(
            plan.plan_id,
            rate.rate_id if rate else None,
            level.destination.destination_id,
            level.account.currency,
            level.tariff,
            self._rule(rule, level.rule),
        )

    def _rule(self, frozen: int, now: ChargeRule) -> ChargeRule:
        """Taxes as they were charged, or now; the factor between currencies is that of the instant of the call."""
        return replace(self._rules[frozen], factor_e8=now.factor_e8) if self._rules is not None else now

    def _chain(self, account_id: int) -> tuple[Account, ...]:
        """Payers of an account's calls, whatever state they are in now; empty when one is gone."""
        if account_id not in self._chains:
            chain = list(_climb(self._catalogue, account_id))
            self._chains[account_id] = tuple(one for one in chain if one is not None) if None not in chain else ()
        return self._chains[account_id]


def _climb(catalogue: LoadedCatalogue, account_id: int | None) -> Iterator[Account | None]:
    for _ in range(MAX_LEVELS):
        if account_id is None:
            return
        account = catalogue.account(account_id)
        yield account
        account_id = account.parent_account_id if account is not None else None


def _turns_us(catalogue: LoadedCatalogue) -> set[int]:
    """Instants at which some price or plan begins or ends: between two of them nothing changes."""
    spans = [(row.valid_from, row.valid_to) for row in catalogue.rate_rows]
    spans += [(row.valid_from, row.valid_to) for row in catalogue.account_plan_rows]
    spans += [(row.valid_from, None) for row in catalogue.currency_rows]
    instants = {at for span in spans for at in span if at is not None}
    return {(at - EPOCH) // timedelta(microseconds=1) for at in instants}


def _distinct(keys: Int64Array) -> tuple[list[list[int]], Int64Array]:
    """Distinct columns of a table, and for each column which of them it is."""
    code = np.zeros(keys.shape[1], np.int64)
    for row in keys:
        _, place = np.unique(row, return_inverse=True)
        _, code = np.unique(code * (int(place.max(initial=0)) + 1) + place, return_inverse=True)
    count = int(code.max(initial=-1)) + 1
    example = np.zeros(count, np.int64)
    example[code] = np.arange(keys.shape[1])
    return keys[:, example].T.tolist(), code
