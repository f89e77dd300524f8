"""FastAGI server: one question a connection, each with a deadline; whoever stalls is dropped with one log line."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from itertools import takewhile
from typing import Any

from ..observe.log import Log
from ..observe.metrics import Metrics
from .connection import Connection
from .protocol import Question

DEADLINE_S = 3.0
"""For a whole question (s); the dialplan gives up after 4."""

LOOK_EVERY_S = 0.1
"""How often late questions are looked for (s)."""

MAX_CONNECTIONS = 2000

Handler = Callable[[Question], Awaitable[Mapping[str, str] | None]]
"""Answers a question with channel variables; None = no answer, which the dialplan reads as a silent bridge."""


class AgiServer:
    """Serves named handlers. What a peer does wrong ends its own connection only."""

    def __init__(self, handlers: Mapping[str, Handler], *, log: Log, metrics: Metrics) -> None:
        self.handlers = handlers
        self.latency = metrics.histogram("bss_agi_seconds", "Time from a question's header to its answer")
        self._log = log
        self._metrics = metrics
        self._server: asyncio.Server | None = None
        self._open: dict[Connection, float] = {}  # until when each may stay, the oldest first
        self._look: asyncio.TimerHandle | None = None
        self._questions: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """Port that it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def is_serving(self) -> bool:
        """True when questions are accepted."""
        return self._server is not None and self._server.is_serving()

    async def start(self, host: str, port: int) -> None:
        """Accept questions."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, backlog=1024)

    async def stop(self, grace_s: float) -> None:
        """Accept no more, let those in work finish for `grace_s`, then drop them."""
        if self._server is None:
            return
        self._server.close()
        if self._questions:
            _, late = await asyncio.wait(self._questions, timeout=grace_s)
            for task in late:
                task.cancel()
        for connection in tuple(self._open):
            connection.close()

    def opened(self, connection: Connection) -> str | None:
        """A client has connected; why it must go, if it must."""
        loop = asyncio.get_running_loop()
        self._open[connection] = loop.time() + DEADLINE_S
        if self._look is None:
            self._look = loop.call_later(LOOK_EVERY_S, self._drop_late)
        return f"more than {MAX_CONNECTIONS} connections" if len(self._open) > MAX_CONNECTIONS else None

    def closed(self, connection: Connection) -> None:
        """A client's connection has ended."""
        self._open.pop(connection, None)

    def _drop_late(self) -> None:
        """One timer for all: one a question would be set and taken back a thousand times a second."""
        loop = asyncio.get_running_loop()
        self._look = loop.call_later(LOOK_EVERY_S, self._drop_late) if self._open else None
        now = loop.time()
        for connection in list(takewhile(lambda one: self._open[one] <= now, self._open)):
            connection.late(DEADLINE_S)

    def begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Work on a question, kept until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._questions.add(task)
        task.add_done_callback(self._questions.discard)
        return task

    def dropped(self, reason: str, peer: tuple[str, int] | None) -> None:
        """A client did something wrong, or was too slow."""
        self._metrics.count("bss_agi_dropped_total")
        self._log.warning("agi_client_dropped", reason=reason, peer=f"{peer[0]}:{peer[1]}" if peer else None)

    def failed(self) -> None:
        """A fault of ours in one answer; called from an `except` block."""
        self._metrics.count("bss_agi_failed_total")
        self._log.crash("agi_answer_failed")
