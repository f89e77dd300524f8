"""The catalogue in memory: rows of the seam, indexed for the questions of a call. Parts are replaced, never changed."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from ..core.charge import MAX_FACTOR_E8
from ..core.class_of_service import DialledPlace, ServiceClass
from ..core.currency import CurrencyRate, CurrencyRates
from ..core.money import convert_micro
from ..core.prefix import PrefixTable
from ..core.price_walk import NO_RATES, RateBook
from ..core.rating import Tariff, price_call
from ..ports import Direction
from ..values import (
    ACTIVE,
    Account,
    AccountPlan,
    Allowance,
    AllowanceBlock,
    Carrier,
    CarrierBlock,
    Destination,
    Number,
    Phone,
    Plan,
    Rate,
    RingGroup,
    RouteEntry,
    Target,
    Trunk,
    TrunkQuality,
)
from .carrier_terms import CarrierTerms
from .deck import EPOCH, Deck, DeckPrice, DeckRow, carrier_tariff, microsecond
from .deck_index import EMPTY, CostTable, DeckIndex
from .eras import Eras
from .kept import Kept
from .packed_deck import PackedDeck

AnyDeck = Deck | PackedDeck


@dataclass(frozen=True)
class LoadedCatalogue:
    """Port `Catalogue`. Indexes are made when first asked for, in the copy that holds them."""

    account_rows: tuple[Account, ...] = ()
    account_plan_rows: tuple[AccountPlan, ...] = ()
    phone_rows: tuple[Phone, ...] = ()
    number_rows: tuple[Number, ...] = ()
    target_rows: tuple[Target, ...] = ()
    group_rows: tuple[RingGroup, ...] = ()
    destination_rows: tuple[Destination, ...] = ()
    prefix_rows: tuple[tuple[str, int], ...] = ()
    class_rows: tuple[ServiceClass, ...] = ()
    plan_rows: tuple[Plan, ...] = ()
    rate_rows: tuple[Rate, ...] = ()
    currency_rows: tuple[CurrencyRate, ...] = ()
    allowance_rows: tuple[Allowance, ...] = ()
    allowance_block_rows: tuple[AllowanceBlock, ...] = ()
    carrier_rows: tuple[Carrier, ...] = ()
    trunk_rows: tuple[Trunk, ...] = ()
    route_rows: tuple[RouteEntry, ...] = ()
    decks: Mapping[int, AnyDeck] = field(default_factory=dict)
    inbound_decks: Mapping[int, AnyDeck] = field(default_factory=dict)
    deck_index: DeckIndex = EMPTY
    quality_rows: tuple[TrunkQuality, ...] = ()
    block_rows: tuple[CarrierBlock, ...] = ()
    down_trunks: frozenset[int] = frozenset()
    _kept: Kept = field(default_factory=Kept, init=False, repr=False, compare=False)

    def with_parts(self, parts: Mapping[str, Any]) -> "LoadedCatalogue":
        """Copy with some parts replaced; `decks`, `inbound_decks` hold only those that changed (None: it has none)."""
        changed = dict(parts)
        for part in ("decks", "inbound_decks"):
            if part in changed:
                merged = {**getattr(self, part), **changed[part]}
                changed[part] = {carrier_id: deck for carrier_id, deck in merged.items() if deck is not None}
        copy = replace(self, **changed)
        for index, sources in _INDEXES.items():
            if index in self.__dict__ and not sources & changed.keys():
                copy.__dict__[index] = self.__dict__[index]  # nothing it is made from has changed
        return copy

    def phone(self, endpoint: str) -> Phone | None:
        return self._phones.get(endpoint)

    def phone_by_extension(self, account_id: int, extension: str) -> Phone | None:
        return self._extensions.get((account_id, extension))

    def phone_by_id(self, phone_id: int) -> Phone | None:
        return self._phone_ids.get(phone_id)

    def target(self, target_id: int) -> Target | None:
        return self._targets.get(target_id)

    def group(self, group_id: int) -> RingGroup | None:
        return self._groups.get(group_id)

    def group_by_extension(self, account_id: int, extension: str) -> RingGroup | None:
        return self._group_extensions.get((account_id, extension))

    def account(self, account_id: int) -> Account | None:
        return self._accounts.get(account_id)

    def number(self, e164: str) -> Number | None:
        return self._numbers.get(e164)

    def trunk_by_endpoint(self, endpoint: str) -> Trunk | None:
        return self._trunk_endpoints.get(endpoint)

    def destinations(self, e164: str) -> Iterable[Destination]:
        for _, destination_id in self._prefixes.matches(e164):
            yield self._destinations[destination_id]

    def dialled_places(self, e164: str) -> Iterable[DialledPlace]:
        for prefix, destination_id in self._prefixes.matches(e164):
            place = self._destinations[destination_id]
            yield DialledPlace(destination_id, place.group_id, place.country, place.network_type, len(prefix))

    def service_class(self, class_id: int) -> ServiceClass | None:
        return self._classes.get(class_id)

    def plan_id_of(self, account: Account, direction: Direction, at: datetime) -> int | None:
        dated = self._account_plans.get((account.account_id, direction))
        if dated is None:
            return account.plan_id if direction == "outbound" else account.inbound_plan_id
        return next((row.plan_id for row in dated if row.holds(at)), None)

    def plan(self, plan_id: int) -> Plan | None:
        return self._plans.get(plan_id)

    def rates(self, plan_id: int) -> RateBook:
        return self._rates.get(plan_id, NO_RATES)

    def factor_e8(self, from_currency: str, to_currency: str, at: datetime) -> int | None:
        """Units of one currency for one of another at an instant (8 decimals); None when a rate is missing."""
        factor = self._currencies.factor_e8(from_currency, to_currency, at)
        return factor if factor is not None and factor <= MAX_FACTOR_E8 else None

    def allowances(self, account_id: int, plan_id: int, destination: Destination) -> tuple[int, ...]:
        ofs = self._plan_allowances.get(plan_id, ()), self._block_allowances.get(account_id, ())
        return tuple(one.allowance_id for of in ofs for one in of if one.covers(destination))

    def route(self, digits: str, *, emergency: bool) -> RouteEntry | None:
        """Longest prefix; prefix '' is the last resort."""
        found = self._routes[emergency].longest(digits)
        return found[1] if found else self._default_routes.get(emergency)

    def trunks(self) -> Mapping[int, Trunk]:
        return self._trunks

    def is_down(self, trunk_id: int) -> bool:
        return trunk_id in self.down_trunks

    def carrier(self, carrier_id: int) -> Carrier | None:
        return self._carriers.get(carrier_id)

    def deck_tariff(self, carrier_id: int, e164: str, at: datetime) -> Tariff | None:
        return self._tariff_of(self.decks, carrier_id, e164, at)

    def inbound_tariff(self, carrier_id: int, e164: str, at: datetime) -> Tariff | None:
        return self._tariff_of(self.inbound_decks, carrier_id, e164, at)

    def deck_row(self, carrier_id: int, e164: str, at: datetime) -> DeckRow | None:
        """Row of a carrier's price for a number, for `explain`."""
        deck = self.decks.get(carrier_id)
        return deck.row(e164, at) if isinstance(deck, Deck) else None

    def _tariff_of(self, decks: Mapping[int, AnyDeck], carrier_id: int, e164: str, at: datetime) -> Tariff | None:
        carrier, deck = self._carriers.get(carrier_id), decks.get(carrier_id)
        found = deck.price(e164, at) if deck is not None else None
        return carrier_tariff(carrier, found) if carrier is not None and found is not None else None

    def deck_costs(self, expected_s: int, at: datetime, currency: str) -> CostTable:
        rates = self._currencies.changes_before(at)
        key = (expected_s, currency, rates, self._carrier_terms, self._currencies)
        return self.deck_index.cost_table(key, partial(self._cost_of, expected_s, currency, at), microsecond(at))

    def knows_places(self) -> bool:
        return bool(self.quality_rows or self.block_rows)

    def quality(self, trunk_id: int, place: DialledPlace | None) -> TrunkQuality | None:
        found = None
        if place is not None:
            found = self._quality.get((trunk_id, place.destination_id, None))
            found = found or self._quality.get((trunk_id, None, place.group_id))
        return found or self._quality.get((trunk_id, None, None))

    def block(self, carrier_id: int, place: DialledPlace) -> CarrierBlock | None:
        found = self._blocks.get((carrier_id, place.destination_id, None))
        return found or self._blocks.get((carrier_id, None, place.group_id))

    def currencies(self) -> CurrencyRates:
        return self._currencies

    def costed_carriers(self) -> Mapping[int, int]:
        return self._costed

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:
        return self._kept.get(key, make)

    def era(self, at: datetime) -> int:
        return self._eras.number(at)

    def deck_place(self, e164: str) -> int:
        return self.deck_index.place(e164)

    def _cost_of(
        self, expected_s: int, currency: str, at: datetime, carrier_id: int
    ) -> Callable[[DeckPrice], int | None]:
        """What a call of so many seconds costs by a price of a carrier's deck; decks know no hours of the day."""
        carrier = self._carriers.get(carrier_id)
        factor_e8 = self._currencies.factor_e8(carrier.currency, currency, at) if carrier is not None else None

        def cost(price: DeckPrice) -> int | None:
            tariff = carrier_tariff(carrier, price) if carrier is not None else None
            if tariff is None or factor_e8 is None:
                return None
            return convert_micro(price_call(tariff, EPOCH, expected_s).cost_micro, factor_e8)

        return cost

    @cached_property
    def _accounts(self) -> dict[int, Account]:
        return {account.account_id: account for account in self.account_rows}

    @cached_property
    def _account_plans(self) -> dict[tuple[int, str], list[AccountPlan]]:
        found: dict[tuple[int, str], list[AccountPlan]] = {}
        for row in self.account_plan_rows:
            found.setdefault((row.account_id, row.direction), []).append(row)
        return found

    @cached_property
    def _phones(self) -> dict[str, Phone]:
        return {phone.endpoint: phone for phone in self.phone_rows}

    @cached_property
    def _extensions(self) -> dict[tuple[int, str], Phone]:
        return {(phone.account_id, phone.extension): phone for phone in self.phone_rows}

    @cached_property
    def _phone_ids(self) -> dict[int, Phone]:
        return {phone.phone_id: phone for phone in self.phone_rows}

    @cached_property
    def _targets(self) -> dict[int, Target]:
        return {target.target_id: target for target in self.target_rows}

    @cached_property
    def _groups(self) -> dict[int, RingGroup]:
        return {group.group_id: group for group in self.group_rows}

    @cached_property
    def _group_extensions(self) -> dict[tuple[int, str], RingGroup]:
        return {(group.account_id, group.extension): group for group in self.group_rows if group.extension}

    @cached_property
    def _numbers(self) -> dict[str, Number]:
        return {number.e164: number for number in self.number_rows}

    @cached_property
    def _destinations(self) -> dict[int, Destination]:
        return {destination.destination_id: destination for destination in self.destination_rows}

    @cached_property
    def _prefixes(self) -> PrefixTable[int]:
        return PrefixTable({prefix: target for prefix, target in self.prefix_rows if target in self._destinations})

    @cached_property
    def _classes(self) -> dict[int, ServiceClass]:
        return {one.class_id: one for one in self.class_rows}

    @cached_property
    def _plans(self) -> dict[int, Plan]:
        return {plan.plan_id: plan for plan in self.plan_rows}

    @cached_property
    def _rates(self) -> dict[int, RateBook]:
        found: dict[int, list[Rate]] = {}
        for rate in self.rate_rows:
            found.setdefault(rate.plan_id, []).append(rate)
        return {plan_id: RateBook(rates) for plan_id, rates in found.items()}

    @cached_property
    def _quality(self) -> dict[tuple[int, int | None, int | None], TrunkQuality]:
        return {(row.trunk_id, row.destination_id, row.group_id): row for row in self.quality_rows}

    @cached_property
    def _blocks(self) -> dict[tuple[int, int | None, int | None], CarrierBlock]:
        return {(row.carrier_id, row.destination_id, row.group_id): row for row in self.block_rows}

    @cached_property
    def _currencies(self) -> CurrencyRates:
        return CurrencyRates(self.currency_rows)

    @cached_property
    def _eras(self) -> Eras:
        return Eras(self.account_plan_rows, self.rate_rows, self.currency_rows, self.decks.values())

    @cached_property
    def _plan_allowances(self) -> dict[int, list[Allowance]]:
        found: dict[int, list[Allowance]] = {}
        for row in self.allowance_rows:
            if row.plan_id is not None:
                found.setdefault(row.plan_id, []).append(row)
        return found

    @cached_property
    def _block_allowances(self) -> dict[int, list[Allowance]]:
        rows = {row.allowance_id: row for row in self.allowance_rows}
        found: dict[int, list[Allowance]] = {}
        for block in self.allowance_block_rows:
            if block.allowance_id in rows:
                found.setdefault(block.account_id, []).append(rows[block.allowance_id])
        return found

    @cached_property
    def _carriers(self) -> dict[int, Carrier]:
        return {carrier.carrier_id: carrier for carrier in self.carrier_rows}

    @cached_property
    def _carrier_terms(self) -> CarrierTerms:
        """By what a price becomes a cost: costs that are kept go by it."""
        return CarrierTerms(
            tuple(
                (one.carrier_id, one.currency, one.timezone, one.rounding_method, one.rounding_decimals)
                for one in self.carrier_rows
            )
        )

    @cached_property
    def _costed(self) -> dict[int, int]:
        known = self._carriers
        return {carrier: place for place, carrier in enumerate(self.deck_index.carriers) if carrier in known}

    @cached_property
    def _trunks(self) -> dict[int, Trunk]:
        return {
            trunk.trunk_id: trunk
            for trunk in self.trunk_rows
            if trunk.state == ACTIVE
            and (carrier := self._carriers.get(trunk.carrier_id)) is not None
            and carrier.state == ACTIVE
        }

    @cached_property
    def _trunk_endpoints(self) -> dict[str, Trunk]:
        return {trunk.endpoint: trunk for trunk in self._trunks.values()}

    @cached_property
    def _routes(self) -> dict[bool, PrefixTable[RouteEntry]]:
        return {
            emergency: PrefixTable(
                {entry.prefix: entry for entry in self.route_rows if entry.prefix and entry.is_emergency == emergency}
            )
            for emergency in (False, True)
        }

    @cached_property
    def _default_routes(self) -> dict[bool, RouteEntry]:
        return {entry.is_emergency: entry for entry in self.route_rows if not entry.prefix}


_INDEXES: dict[str, set[str]] = {
    "_accounts": {"account_rows"},
    "_account_plans": {"account_plan_rows"},
    "_phones": {"phone_rows"},
    "_extensions": {"phone_rows"},
    "_phone_ids": {"phone_rows"},
    "_targets": {"target_rows"},
    "_groups": {"group_rows"},
    "_group_extensions": {"group_rows"},
    "_numbers": {"number_rows"},
    "_destinations": {"destination_rows"},
    "_prefixes": {"prefix_rows", "destination_rows"},
    "_classes": {"class_rows"},
    "_plans": {"plan_rows"},
    "_rates": {"rate_rows"},
    "_quality": {"quality_rows"},
    "_blocks": {"block_rows"},
    "_currencies": {"currency_rows"},
    "_eras": {"account_plan_rows", "rate_rows", "currency_rows", "decks"},
    "_plan_allowances": {"allowance_rows"},
    "_block_allowances": {"allowance_rows", "allowance_block_rows"},
    "_carriers": {"carrier_rows"},
    "_carrier_terms": {"carrier_rows"},
    "_costed": {"carrier_rows", "deck_index"},
    "_trunks": {"trunk_rows", "carrier_rows"},
    "_trunk_endpoints": {"trunk_rows", "carrier_rows"},
    "_routes": {"route_rows"},
    "_default_routes": {"route_rows"},
}
"""Indexes and the parts that they are made from."""
