"""One connection of the FastAGI server: a header comes, one command goes, its reply comes, and it is closed.

A bare asyncio protocol: streams would take as long again as everything else that the door does for a question.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from time import monotonic
from typing import Any, Protocol

from ..errors import PeerMisbehaves
from ..observe.metrics import Histogram
from .protocol import MAX_HEADER_BYTES, Question, is_answered, mset_command, read_question, split_header


class Server(Protocol):
    """What a connection needs of its server."""

    @property
    def handlers(self) -> Mapping[str, Callable[[Question], Awaitable[Mapping[str, str] | None]]]:
        """Who answers, by the question's name."""

    @property
    def latency(self) -> Histogram:
        """Time to an answer."""

    def opened(self, connection: "Connection") -> str | None:
        """Take note of it; why it must go, if it must."""

    def closed(self, connection: "Connection") -> None:
        """Forget it."""

    def begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Work on a question."""

    def dropped(self, reason: str, peer: tuple[str, int] | None) -> None:
        """The client is to blame."""

    def failed(self) -> None:
        """We are to blame."""


class Connection(asyncio.Protocol):
    """Steps: header, question (a task works on it), reply. Whatever goes wrong ends it, with one line in the log."""

    __slots__ = (
        "_ended",
        "_eof",
        "_received",
        "_server",
        "_task",
        "_told",
        "_transport",
    )

    def __init__(self, server: Server) -> None:
        self._server = server
        self._received = b""
        self._task: asyncio.Task[None] | None = None
        self._told = self._ended = self._eof = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the header."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a stream's
        wrong = self._server.opened(self)
        if wrong is not None:
            self._drop(wrong)

    def data_received(self, data: bytes) -> None:
        """Part of the header or of the reply; what comes between them is looked at later."""
        if self._ended:
            return
        self._received += data
        try:
            if self._task is None:
                self._read_header()
            elif self._told and is_answered(self._received):
                self.close()
            elif len(self._received) > MAX_HEADER_BYTES:
                self._drop(f"{len(self._received)} bytes before the answer")
        except PeerMisbehaves as error:
            self._drop(str(error))

    def eof_received(self) -> bool:
        """The client sends no more: it may have looked whether the door is there, else it is gone."""
        self._eof = True
        if self._task is None:
            if self._received:
                self._drop(f"header ends after {len(self._received)} bytes")
            else:
                self.close()
        elif self._told:
            self._drop("no reply to the answer")
        return True  # we close it ourselves

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended, by us or by the client."""
        self._server.closed(self)
        if not self._ended:
            self._eof = True
            if self._task is None or self._told:
                self._drop(str(exc) if exc else "gone")

    def close(self) -> None:
        """End it; nothing is wrong."""
        self._ended = True
        self._transport.close()

    def late(self, deadline_s: float) -> None:
        """The question took too long. One that is being closed already is left alone: this is told again and again."""
        if self._ended:
            return
        self._drop(f"no end within {deadline_s:g} s")
        if self._task is not None:
            self._task.cancel()

    def _read_header(self) -> None:
        parts = split_header(self._received)
        if parts is not None:
            self._received = parts[1]
            self._task = self._server.begin(self._work(read_question(parts[0])))

    async def _work(self, question: Question) -> None:
        try:
            await self._answer(question)
        except asyncio.CancelledError:
            self.close()
        except (PeerMisbehaves, OSError) as error:
            self._drop(str(error))
        except Exception:  # noqa: BLE001  a fault in one answer must not end the others
            self._server.failed()
            self.close()

    async def _answer(self, question: Question) -> None:
        """Send the answer's command; close when there is none.

        A caller may have hung up before its question was read, as happens when this process was held up: nothing may
        be set aside for it. Asterisk then closes, and sends nothing between header and first command but `HANGUP`.
        """
        await asyncio.sleep(0)  # the second turn of the loop since the header: what came with it is seen now
        if self._eof or self._received:
            raise PeerMisbehaves(f"gone before {question.name} was decided")
        handler = self._server.handlers.get(question.name)
        if handler is None:
            raise PeerMisbehaves(f"unknown question {question.name[:40]!r}")
        began = monotonic()
        variables = await handler(question)
        if variables is None:
            self.close()
            return
        command = mset_command(variables)
        self._server.latency.observe(monotonic() - began)
        if self._eof:
            raise PeerMisbehaves("no reply to the answer")
        self._transport.write(command)
        self._told = True
        if is_answered(self._received):  # it came before our command did
            self.close()

    def _drop(self, reason: str) -> None:
        if self._ended:
            return
        self._server.dropped(reason, self._transport.get_extra_info("peername"))
        self.close()
