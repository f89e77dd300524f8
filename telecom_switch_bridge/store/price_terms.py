"""Price terms of calls as the database keeps them: each once, named by a key wherever a call has them (docs/seam.md).

Services write and read terms in full; here they are taken out of what goes to the database, and on the way back the
database puts them in again.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import asyncpg
import orjson

from ..core.by_identity import ByIdentity
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
        self._keys = ByIdentity[Json, str](MOST_KNOWN)
        self._kept: set[str] = set()
        self._levels = ByIdentity[Json, Json](MOST_LEVELS)
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
        known = self._levels.get(level)
        if known is not None and known["tariff"] in self._kept:
            return known
        return self._levels.keep(level, {**level, "tariff": self._key(level.get("tariff"), missing)})

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
        key = self._keys.get(terms)
        if key is None:
            text = orjson.dumps(terms, option=orjson.OPT_SORT_KEYS)
            key = self._keys.keep(terms, blake2b(text, digest_size=KEY_BYTES).hexdigest())
        if key not in self._kept:
            missing[key] = terms
        return key

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
