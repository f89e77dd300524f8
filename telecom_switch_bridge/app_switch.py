"""Wires together what follows changes in Asterisk: the watch over trunks, and its caches; for `app`."""

from collections.abc import Callable

from .ami.astdb import AstDb
from .ami.client import AmiClient
from .ami.refresh import SwitchRefresh
from .ami.trunks import AmiTrunks
from .observe.log import Log
from .services.routing_extract import Extract, routing_extract
from .services.watch_trunks import WatchTrunks
from .store.current_catalogue import CurrentCatalogue
from .store.database import Database
from .store.queries import query
from .store.trunk_states import StoredTrunkStates
from .values import Trunk

TRUNKS_EVERY_S = 3.0
"""How often Asterisk is asked what it knows of trunks (s)."""


def wire_trunks(
    ami: AmiClient, database: Database, node: str, catalogue: CurrentCatalogue, *, on_down: Callable[[], None]
) -> WatchTrunks:
    """The watch of a node; `on_down`: other trunks are down than before, and the catalogue knows."""

    def trunks() -> tuple[Trunk, ...]:
        return tuple(catalogue.value.trunks().values()) if catalogue.value is not None else ()

    def down(trunk_ids: frozenset[int]) -> None:
        if catalogue.trunks_down(trunk_ids):
            on_down()

    states = StoredTrunkStates(database, node=node)
    return WatchTrunks(AmiTrunks(ami), states, trunks=trunks, on_down=down, log=Log("trunk"))


def wire_refresh(ami: AmiClient, database: Database, catalogue: CurrentCatalogue, trunks: WatchTrunks) -> SwitchRefresh:
    """What keeps Asterisk's objects and AstDB up to date."""

    async def database_answers() -> None:
        await database.fetch(query("probe"))

    def extract() -> Extract | None:
        known = catalogue.value
        if known is None:
            return None
        return routing_extract(known.phone_rows, known.number_rows, known.account_rows, known, groups=known.group_rows)

    return SwitchRefresh(
        ami,
        AstDb(ami, Log("astdb")),
        extract=extract,
        database_answers=database_answers,
        trunks_leave=trunks.log_out,
        trunks_read=trunks.log_in_anew,
        log=Log("refresh"),
    )
