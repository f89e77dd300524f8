"""Price terms of calls as the database keeps them: each once, named by a key wherever a call has them (docs/seam.md).

Services write and read terms in full; here they are taken out of what goes to the database, and on the way back the
database puts them in again.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import asyncpg
import orjson

from ..errors import DatabaseAbsent
from ..ports import Json
from .database import Database
from .queries import query

MOST_KNOWN = 65_536
"""Terms whose keys are remembered; with more, all are worked out again."""

MOST_LEVELS = 16_384
"""The same for levels with their keys."""

KEY_BYTES = 16

WHOLE_TIMEOUT_S = KEEP_TIMEOUT_S = 1.0
"""For parts of a question (s): its caller waits."""


class PriceTerms:
    """Keys of terms, and which of them the database has: none after a new connection, it may lead to another server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: dict[int, tuple[Json, str]] = {}
        self._kept: set[str] = set()
        self._levels: dict[int, tuple[Json, str | None, Json]] = {}
        self._connections = 0

    async def reservations(self, connection: asyncpg.Connection, wanted: Sequence[Json]) -> list[Json]:
        """Frozen terms of reservations with keys, once the server of this connection has what they name."""
        missing = self._none_missing()
        keyed = [self._frozen(frozen, missing) for frozen in wanted]
        await self._keep(connection, missing)
        return keyed

    async def legs(self, connection: asyncpg.Connection, wanted: Sequence[Json]) -> list[Json]:
        """Settlements with keys, likewise."""
        missing = self._none_missing()
        keyed = [self._leg(leg, missing) for leg in wanted]
        await self._keep(connection, missing)
        return keyed

    async def whole(self, frozen: Json) -> Json:
        """Frozen terms as services know them, of those that the database has given; raises DatabaseAbsent."""
        try:
            rows = await self._database.fetch(query("whole_terms"), frozen, timeout_s=WHOLE_TIMEOUT_S)
        except asyncpg.PostgresError as error:
            raise DatabaseAbsent(f"frozen terms cannot be read: {error}") from error
        whole: Json = rows[0][0]
        return whole

    def _frozen(self, frozen: Json, missing: dict[str, Json]) -> Json:
        keyed = {**frozen}
        if "levels" in frozen:
            keyed["levels"] = [self._level(level, missing) for level in frozen["levels"]]
        if "routes" in frozen:
            keyed["routes"] = [{**one, "tariff": self._key(one.get("tariff"), missing)} for one in frozen["routes"]]
        if pays := frozen.get("carrier_pays"):
            keyed["carrier_pays"] = {**pays, "tariff": self._key(pays["tariff"], missing)}
        return keyed

    def _level(self, level: Json, missing: dict[str, Json]) -> Json:
        """A level with a key; `terms_to_json` gives the same few dicts for most calls, they are known again."""
        known = self._levels.get(id(level))
        if known is not None and known[1] in self._kept:
            return known[2]
        key = self._key(level.get("tariff"), missing)
        keyed = {**level, "tariff": key}
        if len(self._levels) >= MOST_LEVELS:
            self._levels.clear()
        self._levels[id(level)] = level, key, keyed
        return keyed

    def _leg(self, leg: Json, missing: dict[str, Json]) -> Json:
        charges = [{**one, "terms": self._named(one["terms"], missing)} for one in leg["charges"]]
        return {**leg, "charges": charges, "terms": self._named(leg["terms"], missing)}

    def _named(self, terms: Json, missing: dict[str, Json]) -> Json:
        """Terms of a charge or a record with keys."""
        keyed = {**terms}
        for name in ("tariff", "carrier_tariff", "carrier_pays_tariff"):
            if name in terms:
                keyed[name] = self._key(terms[name], missing)
        return keyed

    def _key(self, terms: Json | None, missing: dict[str, Json]) -> str | None:
        """Key of terms. The same few dicts come with every call (`tariff_to_json` keeps them): they are known again."""
        if terms is None:
            return None
        known = self._keys.get(id(terms))
        if known is None:
            text = orjson.dumps(terms, option=orjson.OPT_SORT_KEYS)
            known = terms, blake2b(text, digest_size=KEY_BYTES).hexdigest()
            if len(self._keys) >= MOST_KNOWN:
                self._keys.clear()
            self._keys[id(terms)] = known  # holds the dict, so that no other one can have its id
        if known[1] not in self._kept:
            missing[known[1]] = terms
        return known[1]

    def forget(self) -> None:
        """What was kept lately may have been rolled back: keep it again before it is named."""
        self._kept.clear()

    def _none_missing(self) -> dict[str, Json]:
        if self._connections != self._database.connections:
            self._connections = self._database.connections
            self._kept.clear()
        return {}

    async def _keep(self, connection: asyncpg.Connection, missing: Mapping[str, Json]) -> None:
        if missing:
            await connection.fetch(query("keep_terms"), list(missing), list(missing.values()), timeout=KEEP_TIMEOUT_S)
            self._kept.update(missing)
