"""FastAGI server: one question a connection, each with a deadline; whoever stalls is dropped with one log line."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from ..errors import PeerMisbehaves
from ..observe.log import Log
from ..observe.metrics import Metrics
from .protocol import MAX_HEADER_BYTES, Question, is_gone, mset_command, read_question, send_command

DEADLINE_S = 3.0
"""For a whole question (s); the dialplan gives up after 4."""

MAX_CONNECTIONS = 2000

Handler = Callable[[Question], Awaitable[Mapping[str, str] | None]]
"""Answers a question with channel variables; None = no answer, which the dialplan reads as a silent bridge."""


class AgiServer:
    """Serves named handlers. What a peer does wrong ends its own connection only."""

    def __init__(self, handlers: Mapping[str, Handler], *, log: Log, metrics: Metrics) -> None:
        self._handlers = handlers
        self._log = log
        self._metrics = metrics
        self._latency = metrics.histogram("bss_agi_seconds", "Time from a question's header to its answer")
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

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
        self._server = await asyncio.start_server(self._connected, host, port, limit=MAX_HEADER_BYTES, backlog=1024)

    async def stop(self, grace_s: float) -> None:
        """Accept no more, let those in work finish for `grace_s`, then drop them."""
        if self._server is None:
            return
        self._server.close()
        if self._open:
            _, late = await asyncio.wait(self._open, timeout=grace_s)
            for task in late:
                task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._serve(reader, writer)
        except TimeoutError:
            self._dropped(writer, f"no end within {DEADLINE_S:g} s")
        except (PeerMisbehaves, OSError) as error:
            self._dropped(writer, str(error))
        except Exception:  # noqa: BLE001  a fault in one answer must not end the others
            self._metrics.count("bss_agi_failed_total")
            self._log.crash("agi_answer_failed")
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) > MAX_CONNECTIONS:
            raise PeerMisbehaves(f"more than {MAX_CONNECTIONS} connections")
        question = await read_question(reader)
        if question is None:
            return
        if await is_gone(reader):  # nothing may be set aside for it
            raise PeerMisbehaves(f"gone before {question.name} was decided")
        began = monotonic()
        handler = self._handlers.get(question.name)
        if handler is None:
            raise PeerMisbehaves(f"unknown question {question.name[:40]!r}")
        variables = await handler(question)
        if variables is None:
            return
        command = mset_command(variables)
        self._latency.observe(monotonic() - began)
        await send_command(reader, writer, command)

    def _dropped(self, writer: asyncio.StreamWriter, reason: str) -> None:
        self._metrics.count("bss_agi_dropped_total")
        peer = writer.get_extra_info("peername")
        self._log.warning("agi_client_dropped", reason=reason, peer=f"{peer[0]}:{peer[1]}" if peer else None)
