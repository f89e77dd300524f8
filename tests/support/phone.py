"""A real SIP telephone for call stories: registers, dials, answers, plays a tone, records what it hears."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.sound import write_tone

WORKER = Path(__file__).with_name("phone_worker.py")
Event = dict[str, Any]

JOINED_S = 0.15
"""After the answer Asterisk joins both parties; within the milliseconds before that it refuses to transfer one (s)."""


class Phone:
    """One telephone in a process of its own.

    With a `port` it can be called without registering: it may be the other end of a trunk.
    `answer` is what it does with a call: "ring" (the test answers), or a SIP status such as "200" or "486" at once.
    Its tone is `tone_hz`; `silent`: it sends no media at all (some packets at the beginning, then one in 5 s).
    What it hears is in the file `recording`. `events` has all that it told, oldest first.
    """

    def __init__(
        self,
        folder: Path,
        *,
        user: str,
        password: str,
        server: str,
        address: str,
        tone_hz: float = 620.0,
        answer: str = "200",
        register: bool = True,
        port: int = 0,
        silent: bool = False,
    ) -> None:
        self.user = user
        self.events: list[Event] = []
        self.recording = folder / f"{user}-{time.monotonic_ns()}.wav"
        played = write_tone(folder / f"{user}-tone.wav", tone_hz)
        settings = {
            "user": user, "password": password, "server": server, "address": address, "answer": answer,
            "register": register, "port": port, "record": str(self.recording),
            "play": "" if silent else str(played),
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.SimpleQueue[Event] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.wait(lambda event: event["event"] == "ready", seconds=10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def wait(self, wanted: Callable[[Event], bool], *, seconds: float = 5.0) -> Event:
        """Return the first event, past or coming, that is wanted; AssertionError with all events after `seconds`."""
        for event in self.events:
            if wanted(event):
                return event
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                event = self._lines.get(timeout=left)
            except queue.Empty:
                break
            self.events.append(event)
            if wanted(event):
                return event
        raise AssertionError(f"{self.user}: not within {seconds} s; events: {self.events}")

    def forget(self) -> None:
        """Drop what was told so far, before another call."""
        while not self._lines.empty():
            self._lines.get()
        self.events.clear()

    def registered(self) -> int:
        """Wait for the answer to REGISTER and return its code."""
        return int(self.wait(lambda event: event["event"] == "register")["code"])

    def dial(self, number: str) -> None:
        self._order(do="dial", to=number)

    def answer(self, code: int = 200) -> None:
        self._order(do="answer", code=code)

    def digits(self, digits: str) -> None:
        self._order(do="digits", digits=digits)

    def transfer(self, number: str, call: int = -1) -> Event:
        """Ask the node to send the other party elsewhere (REFER); return the event with its first answer.

        `call`: which of the calls that are up, in the order of their beginning.
        """
        time.sleep(JOINED_S)
        self._order(do="transfer", to=number, call=call)
        return self.wait(lambda event: event["event"] in ("transfer", "error"))

    def learns(self) -> Event:
        """What became of the transfer: the event with the final answer."""
        return self.wait(lambda event: event["event"] == "transfer" and event["code"] >= 200, seconds=15)

    def join(self) -> Event:
        """Ask the node to connect the parties of the first and the second call (REFER with Replaces)."""
        time.sleep(JOINED_S)
        self._order(do="join")
        return self.wait(lambda event: event["event"] in ("transfer", "error"))

    def hang_up(self) -> None:
        self._order(do="hangup")

    def state(self, state: str, *, seconds: float = 5.0) -> Event:
        """Wait until a call is CALLING, INCOMING, EARLY, CONNECTING, CONFIRMED or DISCONNECTED; return the event."""
        return self.wait(lambda event: event["event"] == "call" and event["state"] == state, seconds=seconds)

    def ended(self, *, seconds: float = 10.0) -> Event:
        """Wait for the end of a call; the event's `code` is the final SIP status (200 after an answered call)."""
        return self.state("DISCONNECTED", seconds=seconds)

    def talked(self, *, seconds: float) -> float:
        """Wait for the end of the call; seconds that it was up by the telephone's own clock: a story on a busy machine
        hears of both later."""
        return float(self.ended(seconds=seconds)["at"] - self.state("CONFIRMED")["at"])

    def was_answered(self) -> bool:
        return any(event.get("state") == "CONFIRMED" for event in self.events)

    def rings(self, *, seconds: float = 5.0) -> Event:
        """Wait for a call to this telephone; the event has the caller and the whole INVITE."""
        return self.wait(lambda event: event["event"] == "incoming", seconds=seconds)

    def close(self) -> None:
        """Unregister and end the process."""
        if self._process.poll() is None:
            self._order(do="quit")
            try:
                self._process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout=3)

    def _order(self, **order: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
