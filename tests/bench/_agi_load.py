"""Asks a FastAGI door as many questions as it answers, or so many a second; each on a connection of its own.

What the client costs is taken from both sides of a comparison, and from the machine that it shares with the bridge and
PostgreSQL: so it does little.
"""

import asyncio
import select
import socket
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import cast

Address = tuple[str, int]

_PLAIN_HEADER = "".join(
    f"agi_{name}: {value}\n"
    for name, value in (
        ("network", "yes"), ("network_script", "authorise_call"), ("request", "agi://127.0.0.1:4573/authorise_call"),
        ("language", "en"), ("type", "PJSIP"), ("version", "22.10.1"), ("callerid", "unknown"),
        ("calleridname", "unknown"), ("callingpres", "0"), ("callingani2", "0"), ("callington", "0"),
        ("callingtns", "0"), ("dnid", "02079460000"), ("rdnis", "unknown"), ("context", "sub-authorise"),
        ("extension", "s"), ("priority", "5"), ("enhanced", "0.0"), ("accountcode", ""), ("threadid", "139872340"),
    )
)  # fmt: skip
"""What Asterisk writes in front of channel, id and arguments."""


class Question(asyncio.Protocol):
    """One question: header out, `200` for every command, done when the door closes. `answer` is the first command."""

    def __init__(self, header: bytes) -> None:
        self._header = header
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self.answer = b""
        self.answered_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by name
        self._transport.write(self._header)

    def data_received(self, data: bytes) -> None:
        *commands, self._rest = (self._rest + data).split(b"\n")
        assert self._transport is not None
        for command in commands:
            if not self.answer:
                self.answer, self.answered_at = command, perf_counter()
            self._transport.write(b"200 result=0\n")

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def header(endpoint: str, dialled: str, uniqueid: str) -> bytes:
    """Header of `authorise_call`, as the dialplan asks it."""
    asked = f"agi_arg_1: {endpoint}|{dialled}|1|||\n"
    return (f"{_PLAIN_HEADER}agi_channel: PJSIP/{endpoint}-00000001\nagi_uniqueid: {uniqueid}\n{asked}\n").encode()


async def ask(address: Address, question: bytes) -> Question:
    """One question from connect to close; AssertionError when it is not answered."""
    _, protocol = await asyncio.get_running_loop().create_connection(lambda: Question(question), *address)
    async with asyncio.timeout(10):
        await protocol.done
    assert protocol.answer, "a question without an answer"
    return protocol


def ask_all(address: Address, questions: Sequence[bytes], at_once: int, answered: Callable[[int, bytes], None]) -> None:
    """Ask as fast as it goes with so many in flight; `answered(index, command)` after each.

    Bare sockets and no event loop: the machine belongs to those that are measured. On the loopback device a connection
    is made as soon as it is asked for. TimeoutError when nothing comes for 10 s, AssertionError for an empty answer.
    """
    waiting = iter(range(len(questions)))
    open_sockets: dict[int, tuple[socket.socket, int]] = {}
    answers = [b""] * len(questions)
    with select.epoll() as epoll:

        def begin() -> None:
            for index in waiting:
                asking = socket.create_connection(address)
                asking.sendall(questions[index])
                asking.setblocking(False)
                open_sockets[asking.fileno()] = asking, index
                epoll.register(asking.fileno(), select.EPOLLIN)
                return

        for _ in range(at_once):
            begin()
        while open_sockets:
            ready = epoll.poll(10)
            if not ready:
                raise TimeoutError(f"{len(open_sockets)} questions wait for 10 s")
            for number, _ in ready:
                asking, index = open_sockets[number]
                data = asking.recv(4096)
                if data:
                    answers[index] += data
                    asking.sendall(b"200 result=0\n" * data.count(b"\n"))
                    continue
                del open_sockets[number]
                asking.close()
                command = answers[index].partition(b"\n")[0]
                assert command, "a question without an answer"
                answered(index, command)
                begin()


async def ask_at_rate(
    address: Address, questions: list[bytes], per_second: float, answered: Callable[[int, bytes], None]
) -> list[float]:
    """Ask at an even rate, whatever the answers do; seconds from the planned instant to each answer, sorted."""
    begin = perf_counter() + 0.1

    async def at(index: int, question: bytes) -> float:
        planned = begin + index / per_second
        await asyncio.sleep(planned - perf_counter())
        protocol = await ask(address, question)
        answered(index, protocol.answer)
        return protocol.answered_at - planned

    return sorted(await asyncio.gather(*(at(index, question) for index, question in enumerate(questions))))
