"""authorise.door: the real bridge, asked over FastAGI, charging from the journal; against a bare FastAGI server.

A call counts when it is authorised and settled: its lines are in the journal as soon as it is answered, and the clock
stops when the last charge is in the database.
"""

import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import perf_counter, time

import uvloop

from tests.bench._agi_load import ask_all, ask_at_rate, header
from tests.bench._authorise_db import DIALLED, TALK_S
from tests.bench._chain_rows import ChainRows
from tests.support.daemon import REPO, Daemon
from tests.support.fake_ami import FakeAmi
from tests.support.until import until

AT_ONCE = 128
OFFERED_PER_S, OFFERED_SECONDS = 500, 6
BEGAN_AGO_S = 200
"""Calls are written as if they had begun so long ago: their 75 seconds are over when they are authorised."""

_channels = count(10, 10)


class DoorBench:
    """A bridge on the clone, and echo servers on asyncio's own loop and on the bridge's; `close` ends all."""

    def __init__(self, rows: ChainRows, folder: Path) -> None:
        self._rows = rows
        self._ami = FakeAmi()
        self._daemon = Daemon(folder, rows.db.bridge_dsn(), self._ami)
        self._echoes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench._echo_server", *loop], stdout=subprocess.PIPE, cwd=REPO
            )
            for loop in ((), ("uvloop",))
        ]
        try:
            self._echo, self._echo_uvloop = (("127.0.0.1", int(_first_line(echo))) for echo in self._echoes)
            self._daemon.start()
        except BaseException:
            self.close()
            raise

    def product(self, calls: int) -> float:
        """Calls per second, asked with so many at once, authorised and settled."""
        before = self._settled()
        channels, questions = self._questions(calls)
        talk = self._talk(channels)
        begin = perf_counter()
        ask_all(self._daemon.agi, questions, AT_ONCE, talk)
        until(lambda: self._settled() >= before + calls, seconds=30, reason=lambda: self._daemon.log()[-2000:])
        return calls / (perf_counter() - begin)

    def baseline(self, calls: int) -> float:
        """Questions per second of the bare server."""
        return self._echoed(calls, self._echo)

    def baseline_uvloop(self, calls: int) -> float:
        """The same on the loop that the bridge runs on."""
        return self._echoed(calls, self._echo_uvloop)

    def _echoed(self, calls: int, address: tuple[str, int]) -> float:
        _, questions = self._questions(calls)
        begin = perf_counter()
        ask_all(address, questions, AT_ONCE, lambda _index, _command: None)
        return calls / (perf_counter() - begin)

    def latency_ms(self) -> tuple[float, float]:
        """p50 and p99 of the time to an answer (ms) at an even rate, with settlement going on."""
        before, calls = self._settled(), OFFERED_PER_S * OFFERED_SECONDS
        channels, questions = self._questions(calls)
        times = uvloop.run(ask_at_rate(self._daemon.agi, questions, OFFERED_PER_S, self._talk(channels)))
        until(lambda: self._settled() >= before + calls, seconds=30, reason="the last charges")
        return times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000

    def close(self) -> None:
        """End all servers."""
        self._daemon.close()
        for echo in self._echoes:
            echo.kill()
            echo.wait(5)
        self._ami.close()

    def _settled(self) -> int:
        return int(self._daemon.metric("bss_legs_settled_total"))

    def _questions(self, calls: int) -> tuple[list[str], list[bytes]]:
        began, endpoints = int(time()) - BEGAN_AGO_S, self._rows.endpoints
        channels = [f"a-{began}.{next(_channels)}" for _ in range(calls)]
        return channels, [
            header(endpoints[index % len(endpoints)], DIALLED, channel) for index, channel in enumerate(channels)
        ]

    def _talk(self, channels: list[str]) -> Callable[[int, bytes], None]:
        """What is done with an answer: it must be a yes, and the call is written down as talked and ended.

        The lines are made before the clock starts: to make them is Asterisk's work, and here nobody's.
        """
        lines = [journal_of(channel).encode() for channel in channels]
        journal = self._daemon.journal.open("ab", buffering=0)

        def answered(index: int, command: bytes) -> None:
            assert b"BSS_DECISION=external" in command, command
            journal.write(lines[index])

        return answered


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def journal_of(channel: str) -> str:
    """Lines of a call of 75 seconds whose first attempt was answered, as Asterisk writes them."""
    stem, _, number = channel.partition(".")
    began = int(stem.rpartition("-")[2])
    leg, mark = f"{stem}.{int(number) + 1}", f"{channel}-1/1"
    ended = '{""hangupcause"":16,""hangupsource"":"""",""dialstatus"":""""}'
    rows = (
        ("ANSWER", 2, leg, mark, ""), ("ANSWER", 2, channel, "", ""),
        ("HANGUP", 2 + TALK_S, leg, mark, ended), ("CHAN_END", 2 + TALK_S, leg, mark, ""),
        ("HANGUP", 2 + TALK_S, channel, "", ended), ("CHAN_END", 2 + TALK_S, channel, "", ""),
    )  # fmt: skip
    return "".join(
        f'"{kind}","{began + after_s}.000000","{uniqueid}","{channel}","PJSIP/x-{uniqueid}","{userfield}","1","","s",'
        f'"from-trunk","AppDial","","{extra}"\n'
        for kind, after_s, uniqueid, userfield, extra in rows
    )
