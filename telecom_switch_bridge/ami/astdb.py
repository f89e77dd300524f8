"""Keeps the routing extract in Asterisk's AstDB equal to the catalogue, by writing differences only."""

import asyncio
from collections.abc import Mapping

from ..dialplan_names import ASTDB_FAMILIES
from ..errors import SwitchAbsent
from ..observe.log import Log
from .client import AmiClient

Entries = Mapping[tuple[str, str], str]
"""Values by family and key."""


class AstDb:
    """One node's AstDB, families of the extract only."""

    def __init__(self, client: AmiClient, log: Log) -> None:
        self._client = client
        self._log = log

    async def synchronise(self, wanted: Entries) -> int:
        """Write what differs; how much that was. Raises SwitchAbsent."""
        present = await self._read()
        gone = present.keys() - wanted.keys()
        changed = {place: value for place, value in wanted.items() if present.get(place) != value}
        await asyncio.gather(*(self._put(family, key, value) for (family, key), value in changed.items()))
        await asyncio.gather(*(self._client.action("DBDel", Family=family, Key=key) for family, key in gone))
        if gone or changed:
            self._log.info("astdb_synchronised", written=len(changed), deleted=len(gone), entries=len(wanted))
        return len(gone) + len(changed)

    async def _read(self) -> dict[tuple[str, str], str]:
        entries: dict[tuple[str, str], str] = {}
        for family in sorted(ASTDB_FAMILIES):
            for event in await self._client.listing("DBGetTree", Family=family):
                place = event.get("Key", "").strip("/")
                name = place.removeprefix(f"{family}/")
                entries[family, name] = event.get("Val", "")
        return entries

    async def _put(self, family: str, key: str, value: str) -> None:
        answer = await self._client.action("DBPut", Family=family, Key=key, Val=value)
        if answer.get("Response") != "Success":
            raise SwitchAbsent(f"DBPut {family}/{key}: {answer.get('Message')}")
