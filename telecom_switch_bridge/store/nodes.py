"""This node's row: proof of life for the pages and for the next bridge of the node."""

from datetime import datetime

from ..ports import Json
from .database import Database
from .queries import query


class NodeRow:
    """Written every few seconds; raises DatabaseAbsent."""

    def __init__(self, database: Database, *, node: str, version: str, started_at: datetime) -> None:
        self._database = database
        self._node = node
        self._version = version
        self._started_at = started_at

    async def beat(self, info: Json) -> None:
        """Write the heartbeat."""
        await self._database.fetch(query("heartbeat"), self._node, self._version, info, self._started_at)

    async def last_info(self) -> Json:
        """What the last bridge of this node wrote."""
        rows = await self._database.fetch(query("node_info"), self._node)
        info = rows[0]["info"] if rows else {}
        return info if isinstance(info, dict) else {}
