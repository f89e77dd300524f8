"""What a node has found of its trunks (port `TrunkStates`)."""

from collections.abc import Mapping

from ..trunk_ports import TrunkFound, TrunkState
from .database import Database
from .queries import query


class StoredTrunkStates:
    """Port `TrunkStates`."""

    def __init__(self, database: Database, *, node: str) -> None:
        self._database = database
        self._node = node

    async def stored(self) -> Mapping[int, TrunkFound]:
        """Rows of this node by trunk; raises DatabaseAbsent."""
        rows = await self._database.fetch(query("trunk_states"), self._node)
        return {row["trunk_id"]: TrunkFound(TrunkState(row["state"]), row["since"]) for row in rows}

    async def save(self, found: Mapping[int, TrunkFound]) -> None:
        """Write these and forget others; raises DatabaseAbsent."""
        ids = list(found)
        states, since = [found[one].state.value for one in ids], [found[one].since for one in ids]
        await self._database.fetch(query("save_trunk_states"), self._node, ids, states, since)
