"""Commands of people to one node (port `Commands`)."""

from collections.abc import Sequence

from ..ports import Command
from .database import Database
from .queries import query


class StoredCommands:
    """Port `Commands`."""

    def __init__(self, database: Database, *, node: str) -> None:
        self._database = database
        self._node = node

    async def open_commands(self) -> Sequence[Command]:
        """Commands without an outcome, oldest first; raises DatabaseAbsent."""
        rows = await self._database.fetch(query("open_commands"), self._node)
        return [Command(**{**row, "channels": tuple(filter(None, row["channels"]))}) for row in rows]

    async def finish(self, command_id: int, outcome: str) -> None:
        """Write the outcome; raises DatabaseAbsent."""
        await self._database.fetch(query("finish_command"), command_id, outcome)
