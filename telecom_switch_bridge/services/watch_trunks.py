"""Keeps watch over this node's trunks: who is there, who accepts our log-in, since when.

What is found counts from the next call on: trunks that are down are tried last (core/routing.py), and are first again
in their rule's order as soon as they are back. It is written down for pages when it changes.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from ..observe.log import Log
from ..trunk_ports import DOWN, TrunkFound, TrunkProbe, TrunkState, TrunkStates
from ..values import Trunk

Trunks = Callable[[], Collection[Trunk]]
"""Active trunks, as of now."""


class WatchTrunks:
    """One round asks Asterisk about all trunks. `on_down` gets the ids of those that are down, when they change."""

    def __init__(
        self,
        probe: TrunkProbe,
        states: TrunkStates,
        *,
        trunks: Trunks,
        on_down: Callable[[frozenset[int]], None],
        log: Log,
    ) -> None:
        self._probe = probe
        self._states = states
        self._trunks = trunks
        self._on_down = on_down
        self._log = log
        self._found: dict[int, TrunkFound] | None = None
        self._saved: Mapping[int, TrunkFound] = {}
        self._logins: dict[int, int] = {}

    async def run_once(self, now: datetime) -> None:
        """Raises SwitchAbsent or DatabaseAbsent; without the database, calls go by what was found all the same."""
        if self._found is None:
            self._saved = await self._states.stored()
            self._found = dict(self._saved)
        trunks = self._trunks()
        registrations = await self._probe.registrations() if any(trunk.registers for trunk in trunks) else {}
        found = {trunk.trunk_id: await self._look(trunk, registrations, now) for trunk in trunks}
        self._found = found
        self._on_down(frozenset(trunk_id for trunk_id, one in found.items() if one.state in DOWN))
        if found != self._saved:
            await self._states.save(found)
            self._saved = found

    async def log_out(self) -> bool:
        """Log trunks out that register no more, while Asterisk still has their passwords; True when there are any."""
        wanted = {trunk.endpoint for trunk in self._trunks() if trunk.registers}
        gone = (await self._probe.registrations()).keys() - wanted
        for endpoint in sorted(gone):
            await self._probe.log_out(endpoint)
            self._log.info("trunk_logs_out", trunk=endpoint)
        return bool(gone)

    async def log_in_anew(self) -> None:
        """Register trunks whose user name or password have changed; raises SwitchAbsent."""
        for trunk in self._trunks():
            known = self._logins.setdefault(trunk.trunk_id, trunk.login_version)
            if trunk.registers and known != trunk.login_version:
                await self._probe.register_anew(trunk.endpoint)
                self._log.info("trunk_registers_anew", trunk=trunk.trunk_id)
            self._logins[trunk.trunk_id] = trunk.login_version

    async def _look(self, trunk: Trunk, registrations: Mapping[str, bool | None], now: datetime) -> TrunkFound:
        reachable = await self._probe.is_reachable(trunk.endpoint) if trunk.check_s is not None else None
        registered = registrations.get(trunk.endpoint) if trunk.registers else None
        state = state_of(reachable=reachable, registered=registered)
        assert self._found is not None
        before = self._found.get(trunk.trunk_id)
        if before is not None and before.state is state:
            return before
        level = self._log.warning if state in DOWN else self._log.info
        level("trunk_state", trunk=trunk.trunk_id, state=state.value, before=before.state.value if before else None)
        return TrunkFound(state, now)


def state_of(*, reachable: bool | None, registered: bool | None) -> TrunkState:
    """One word for both: a carrier that is not there cannot have refused us."""
    if reachable is False:
        return TrunkState.UNREACHABLE
    if registered is not None:
        return TrunkState.REGISTERED if registered else TrunkState.REJECTED
    return TrunkState.REACHABLE if reachable else TrunkState.UNKNOWN
