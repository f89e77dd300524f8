"""One connection to the manager interface that comes back by itself; many actions at a time on it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

from ..config import AmiSettings
from ..errors import PeerMisbehaves, SwitchAbsent
from ..observe.log import Log
from .protocol import MAX_BLOCK_BYTES, Block, read_block, write_block

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 5.0
LIST_TIMEOUT_S = 20.0
"""A list of many channels takes its time."""

MAX_UNANSWERED = 500
"""Actions under way; more wait."""

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(slots=True)
class _Pending:
    """An action under way; `events` collects the answer of a list action."""

    future: asyncio.Future[Block]
    is_list: bool
    events: list[Block] = field(default_factory=list)


class AmiClient:
    """`run` keeps the connection; actions raise SwitchAbsent while there is none."""

    def __init__(
        self,
        settings: AmiSettings,
        *,
        log: Log,
        on_connect: Callable[[str, float], Awaitable[None]] | None = None,
        on_user_event: Callable[[Block], None] | None = None,
    ) -> None:
        self._settings = settings
        self._log = log
        self._on_connect = on_connect
        self._on_user_event = on_user_event
        self._writer: asyncio.StreamWriter | None = None
        self._pending: dict[str, _Pending] = {}
        self._ids = count(1)
        self._slots = asyncio.Semaphore(MAX_UNANSWERED)
        self._uptime: asyncio.Future[float] | None = None
        self.connected = False

    async def run(self) -> None:
        """Connect, read, and come back after every loss, until cancelled."""
        failures = 0
        while True:
            try:
                await self._session()
            except (SwitchAbsent, PeerMisbehaves, OSError, TimeoutError) as error:
                level = self._log.warning if self.connected or failures == 0 else self._log.debug
                level("ami_lost", error=str(error) or type(error).__name__)
                failures = 0 if self.connected else failures + 1
            finally:
                self._lose()
            await asyncio.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])

    async def action(self, name: str, **fields: str) -> Block:
        """Answer of one action, also when it is an error; raises SwitchAbsent."""
        block, _ = await self._ask(name, fields, is_list=False, timeout_s=ANSWER_TIMEOUT_S)
        return block

    async def listing(self, name: str, **fields: str) -> list[Block]:
        """Events of a list action; raises SwitchAbsent also when Asterisk refuses it."""
        block, events = await self._ask(name, fields, is_list=True, timeout_s=LIST_TIMEOUT_S)
        if block.get("Response") == "Error":
            raise SwitchAbsent(f"{name}: {block.get('Message')}")
        return events

    async def _ask(
        self, name: str, fields: dict[str, str], *, is_list: bool, timeout_s: float
    ) -> tuple[Block, list[Block]]:
        async with self._slots:
            if self._writer is None:
                raise SwitchAbsent("the manager interface is not connected")
            action_id = str(next(self._ids))
            pending = self._pending[action_id] = _Pending(asyncio.get_running_loop().create_future(), is_list)
            try:
                async with asyncio.timeout(timeout_s):
                    self._writer.write(write_block({"Action": name, "ActionID": action_id, **fields}))
                    await self._writer.drain()
                    return await pending.future, pending.events
            except (TimeoutError, OSError) as error:
                raise SwitchAbsent(f"{name}: no answer ({type(error).__name__})") from error
            finally:
                self._pending.pop(action_id, None)

    async def _session(self) -> None:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            reader, self._writer = await asyncio.open_connection(
                self._settings.host, self._settings.port, limit=MAX_BLOCK_BYTES
            )
            greeting = await reader.readuntil(b"\r\n")
        if not greeting.startswith(b"Asterisk Call Manager"):
            raise PeerMisbehaves(f"greeting {greeting[:60]!r}")
        self._uptime = asyncio.get_running_loop().create_future()
        reading = asyncio.create_task(self._read(reader))
        try:
            await self._log_in()
            await reading
        finally:
            reading.cancel()

    async def _log_in(self) -> None:
        """Log in and wait until Asterisk says that it is fully booted; of events, only the dialplan's come."""
        answer = await self.action("Login", Username=self._settings.username, Secret=self._settings.secret)
        if answer.get("Response") != "Success":
            raise PeerMisbehaves(f"log-in refused: {answer.get('Message')}")
        assert self._uptime is not None
        async with asyncio.timeout(LIST_TIMEOUT_S):
            uptime_s = await self._uptime
        status = await self.action("CoreStatus")
        if "CoreStartupTime" not in status:
            raise PeerMisbehaves(f"CoreStatus does not say when Asterisk was started: {status.get('Message')}")
        start = f"{status.get('CoreStartupDate')} {status['CoreStartupTime']}"
        await self.action("Events", EventMask="user")
        self.connected = True
        self._log.info("ami_connected", uptime_s=uptime_s, start=start)
        if self._on_connect is not None:
            await self._on_connect(start, uptime_s)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            block = await read_block(reader)
            if block.get("Event") == "FullyBooted" and self._uptime is not None and not self._uptime.done():
                uptime = block.get("Uptime", "0")
                # negative when the wall clock was set back: Asterisk counts from its start by that clock
                self._uptime.set_result(float(uptime) if uptime.removeprefix("-").isdecimal() else 0.0)
            if block.get("Event") == "UserEvent" and self._on_user_event is not None:
                self._on_user_event(block)
            else:
                self._deliver(block)

    def _deliver(self, block: Block) -> None:
        pending = self._pending.get(block.get("ActionID", ""))
        if pending is None or pending.future.done():
            return
        if "Response" in block:
            if not pending.is_list or block["Response"] == "Error" or block.get("EventList") != "start":
                pending.future.set_result(block)
        elif block.get("EventList") == "Complete":
            pending.future.set_result(block)
        else:
            pending.events.append(block)

    def _lose(self) -> None:
        self.connected = False
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        for pending in self._pending.values():
            if not pending.future.done():
                pending.future.set_exception(SwitchAbsent("the manager interface was lost"))
