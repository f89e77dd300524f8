"""Reads the seam into the catalogue: all of it, or the parts that a topic of NOTIFY names."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Any

import asyncpg

from ..core.class_of_service import ServiceClass
from ..core.currency import CurrencyRate
from ..core.prefix import is_digits
from ..errors import SetupWrong
from ..observe.log import Log
from ..values import (
    AccountPlan,
    AllowanceBlock,
    Carrier,
    CarrierBlock,
    Destination,
    Number,
    Phone,
    Plan,
    Rate,
    RouteEntry,
    RouteLine,
    Target,
    Trunk,
    TrunkQuality,
)
from .catalogue import LoadedCatalogue
from .database import Database
from .packed_deck import PackedDeck, rows_of
from .queries import query
from .rows import Row, account_of, allowance_of, rate_of, ring_group_of, route_line_of, route_of, service_classes_of

CONTRACT_VERSION = 1

DECK_TIMEOUT_S = 300.0
"""Longest that one deck is read (s): a million rows take some seconds."""

DECK_TOPIC = "deck:"

PARTS_OF_TOPIC = {
    "account": {"account_rows", "account_plan_rows"},
    "numbering": {"account_rows"},
    "phone": {"phone_rows", "number_rows"},
    "number": {"number_rows", "phone_rows"},
    "target": {"target_rows", "group_rows"},
    "destination": {"destination_rows", "prefix_rows"},
    "class": {"class_rows"},
    "plan": {"plan_rows"},
    "rate": {"rate_rows"},
    "currency": {"currency_rows"},
    "allowance": {"allowance_rows", "allowance_block_rows"},
    "carrier": {"carrier_rows", "trunk_rows"},
    "trunk": {"trunk_rows"},
    "route": {"route_rows"},
    "quality": {"quality_rows"},
    "block": {"block_rows"},
}
"""Parts that a topic may have changed; a topic that is not here means everything."""

_READ = (
    *(
        "switch_v1_contract",
        "switch_v1_account",
        "switch_v1_account_plan",
        "switch_v1_phone",
        "switch_v1_number",
        "switch_v1_destination",
    ),
    *("switch_v1_destination_prefix", "switch_v1_plan", "switch_v1_rate", "switch_v1_carrier", "switch_v1_trunk"),
    *("switch_v1_dial_target", "switch_v1_ring_group", "switch_v1_service_class", "switch_v1_service_rule"),
    *("switch_v1_allowance", "switch_v1_allowance_block"),
    *("switch_v1_deck_rate", "switch_v1_route", "switch_v1_route_line", "switch_v1_call_count"),
    *("switch_v1_wallet", "switch_v1_currency_rate", "switch_v1_trunk_quality", "switch_v1_carrier_block"),
    *("telecom_reservation", "telecom_call_record", "telecom_switch_command", "telecom_switch_finding"),
)
_WRITTEN = (
    *("telecom_switch_node", "telecom_journal_offset", "telecom_journal_set_aside", "telecom_leg_open"),
    "telecom_trunk_state",
)
_CALLED = (
    *("telecom_switch_reserve", "telecom_switch_take_journal", "telecom_live_publish"),
    *("telecom_wallet_extend", "telecom_wallet_release"),
    *("telecom_call_keep_terms", "telecom_call_whole_terms"),
    *("telecom_switch_reserve_covered", "telecom_switch_extend_covered", "telecom_allowance_use"),
)


async def check_contract(database: Database) -> None:
    """Raise SetupWrong when the addons speak another contract, or this role may not do its work."""
    try:
        version = (await database.fetch(query("contract")))[0][0]
    except asyncpg.PostgresError as error:
        raise SetupWrong(f"the database has no contract of the switch (addon telecom_switch): {error}") from error
    if version != CONTRACT_VERSION:
        raise SetupWrong(f"the addons speak contract {version}, this bridge {CONTRACT_VERSION}: update the older one")
    wanted = [(name, "SELECT") for name in _READ]
    wanted += [(name, right) for name in _WRITTEN for right in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    wanted += [(name, "EXECUTE") for name in _CALLED]
    rows = await database.fetch(query("rights"), [name for name, _ in wanted], [right for _, right in wanted])
    if rows:
        names = ", ".join(sorted({row["name"] for row in rows}))
        raise SetupWrong(f"missing or closed to the bridge's role: {names}")


class CatalogueLoader:
    """Loads parts of the catalogue in one read-only snapshot of the database."""

    def __init__(self, database: Database, log: Log) -> None:
        self._database = database
        self._log = log

    async def load(self, known: LoadedCatalogue | None, topics: Collection[str]) -> LoadedCatalogue:
        """Newer copy of `known` after these topics; everything when nothing is known or a topic is unknown."""
        parts = _parts(topics) if known is not None else None
        async with (
            self._database.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await self._read(connection, known or LoadedCatalogue(), parts)

    async def _read(
        self, connection: asyncpg.Connection, known: LoadedCatalogue, parts: set[str] | None
    ) -> LoadedCatalogue:
        fresh: dict[str, Any] = {}
        for part, read in self._readers().items():
            if parts is None or part in parts:
                fresh[part] = await read(connection)
        known = known.with_parts(fresh)
        carriers = [carrier.carrier_id for carrier in known.carrier_rows]
        changed = _deck_ids(parts, known, carriers)
        decks = {carrier_id: await self._decks_of(connection, carrier_id) for carrier_id in changed}
        gone = dict.fromkeys(known.decks.keys() - set(carriers))
        outbound = {carrier_id: both[0] for carrier_id, both in decks.items()}
        inbound = {carrier_id: both[1] for carrier_id, both in decks.items()}
        known = known.with_parts({"decks": {**outbound, **gone}, "inbound_decks": {**inbound, **gone}})
        if not decks and not gone:
            return known
        packed = {carrier_id: deck for carrier_id, deck in known.decks.items() if isinstance(deck, PackedDeck)}
        index = await asyncio.to_thread(known.deck_index.with_decks, packed)
        return known.with_parts({"deck_index": index})

    def _readers(self) -> dict[str, Callable[[asyncpg.Connection], Any]]:
        return {
            "account_rows": lambda c: _rows(c, "accounts", account_of),
            "account_plan_rows": lambda c: _rows(c, "account_plans", lambda row: AccountPlan(**row)),
            "phone_rows": lambda c: _rows(c, "phones", lambda row: Phone(**row)),
            "number_rows": lambda c: _rows(c, "numbers", lambda row: Number(**row)),
            "target_rows": lambda c: _rows(c, "targets", lambda row: Target(**row)),
            "group_rows": lambda c: _rows(c, "ring_groups", ring_group_of),
            "destination_rows": lambda c: _rows(c, "destinations", lambda row: Destination(**row)),
            "prefix_rows": self._prefixes,
            "class_rows": _classes,
            "plan_rows": lambda c: _rows(c, "plans", lambda row: Plan(**row)),
            "rate_rows": self._rates,
            "currency_rows": lambda c: _rows(c, "currency_rates", lambda row: CurrencyRate(**row)),
            "allowance_rows": lambda c: _rows(c, "allowances", allowance_of),
            "allowance_block_rows": lambda c: _rows(c, "allowance_blocks", lambda row: AllowanceBlock(**row)),
            "carrier_rows": lambda c: _rows(c, "carriers", lambda row: Carrier(**row)),
            "trunk_rows": lambda c: _rows(c, "trunks", lambda row: Trunk(**row)),
            "route_rows": self._routes,
            "quality_rows": lambda c: _rows(c, "trunk_quality", lambda row: TrunkQuality(**row)),
            "block_rows": lambda c: _rows(c, "carrier_blocks", lambda row: CarrierBlock(**row)),
        }

    async def _prefixes(self, connection: asyncpg.Connection) -> tuple[tuple[str, int], ...]:
        rows = await connection.fetch(query("prefixes"))
        return tuple((row["prefix"], row["destination_id"]) for row in rows if self._is_prefix(row["prefix"]))

    async def _rates(self, connection: asyncpg.Connection) -> tuple[Rate, ...]:
        rates = [self._rate(row) for row in await connection.fetch(query("rates"))]
        return tuple(rate for rate in rates if rate is not None)

    def _rate(self, row: Row) -> Rate | None:
        """A rate; one that cannot be read is left out, so its calls are refused and not free."""
        try:
            return rate_of(row)
        except (KeyError, TypeError, ValueError) as error:
            self._log.error("rate_unreadable", rate_id=row["rate_id"], error=str(error))
            return None

    async def _routes(self, connection: asyncpg.Connection) -> tuple[RouteEntry, ...]:
        lines: dict[int, list[RouteLine]] = {}
        for row in await connection.fetch(query("route_lines")):
            lines.setdefault(row["route_id"], []).append(route_line_of(row))
        return tuple(
            route_of(row, tuple(lines.get(row["route_id"], ())))
            for row in await connection.fetch(query("routes"))
            if not row["prefix"] or self._is_prefix(row["prefix"])
        )

    async def _decks_of(self, connection: asyncpg.Connection, carrier_id: int) -> tuple[PackedDeck, PackedDeck]:
        """Decks of a carrier: what we pay, and what it pays us for calls in."""
        return (
            await _deck(connection, carrier_id, "outbound"),
            await _deck(connection, carrier_id, "inbound"),
        )

    def _is_prefix(self, prefix: str) -> bool:
        if is_digits(prefix):
            return True
        self._log.error("prefix_unreadable", prefix=prefix)
        return False


async def _rows(connection: asyncpg.Connection, name: str, make: Callable[..., Any]) -> tuple[Any, ...]:
    return tuple(make(row) for row in await connection.fetch(query(name)))


async def _deck(connection: asyncpg.Connection, carrier_id: int, direction: str) -> PackedDeck:
    """A deck by COPY, and made in a thread: calls are answered meanwhile, and a million rows are no million objects."""
    copied = bytearray()

    async def take(chunk: bytes) -> None:
        copied.extend(chunk)

    await connection.copy_from_query(
        query("deck"), carrier_id, direction, output=take, format="binary", timeout=DECK_TIMEOUT_S
    )
    return await asyncio.to_thread(lambda: PackedDeck(rows_of(bytes(copied))))


async def _classes(connection: asyncpg.Connection) -> tuple[ServiceClass, ...]:
    classes = await connection.fetch(query("service_classes"))
    return service_classes_of(classes, await connection.fetch(query("service_rules")))


def _parts(topics: Iterable[str]) -> set[str] | None:
    """Parts to read again, deck topics as they are; None = everything."""
    parts: set[str] = set()
    for topic in topics:
        if topic.startswith(DECK_TOPIC):
            parts.add(topic)
        elif topic in PARTS_OF_TOPIC:
            parts |= PARTS_OF_TOPIC[topic]
        else:
            return None
    return parts


def _deck_ids(parts: set[str] | None, known: LoadedCatalogue, carriers: list[int]) -> list[int]:
    """Decks to read again: those named, and those of carriers that are new."""
    if parts is None:
        return carriers
    return [cid for cid in carriers if cid not in known.decks or f"{DECK_TOPIC}{cid}" in parts]
