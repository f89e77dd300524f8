"""The real bridge as a process of its own, between a real database and a fake Asterisk."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.support import agi_client
from tests.support.demo_rows import Demo
from tests.support.fake_ami import FakeAmi
from tests.support.until import until

REPO = Path(__file__).resolve().parents[2]
START_SECONDS = 20.0
STOP_SECONDS = 6.0


class Daemon:
    """One bridge; Asterisk would write the file `journal`. Settings are the product's but for `grants`, `journal`."""

    def __init__(
        self, folder: Path, dsn: str, ami: FakeAmi, *, node: str = "a", grants: str = "", journal: str = ""
    ) -> None:
        self.node, self.ami = node, ami
        self.journal = folder / f"{node}-legs.csv"
        self.log_file = folder / f"{node}.log"
        self.agi = ("127.0.0.1", _free_port())
        self.http = f"http://127.0.0.1:{_free_port()}"
        self.config = folder / f"{node}.toml"
        self.config.write_text(
            f'node = "{node}"\ndsn = "{dsn}"\n'
            f'[agi]\nhost = "127.0.0.1"\nport = {self.agi[1]}\n'
            f'[ami]\nhost = "127.0.0.1"\nport = {ami.port}\nusername = "bss"\nsecret = "{ami.secret}"\n'
            f'[ari]\nurl = "http://127.0.0.1:1"\nusername = "bss"\npassword = "x"\n'
            f'[journal]\npath = "{self.journal}"\n{journal}'
            f'[metrics]\nhost = "127.0.0.1"\nport = {self.http.rpartition(":")[2]}\n{grants}',
            encoding="utf-8",
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, healthy: bool = True) -> None:
        """Start; wait until it is healthy."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "telecom_switch_bridge", "run", "--config", str(self.config)],
                stdout=log, stderr=subprocess.STDOUT, cwd=REPO, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        if healthy:
            self.until_healthy()

    def until_healthy(self) -> None:
        """Wait for a health page that says 200."""
        until(lambda: self.health()[0] == 200, seconds=START_SECONDS, reason=f"health; log:\n{self.log()[-3000:]}")

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it by a signal; how long that took (s)."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
        self.process = None
        return time.monotonic() - began

    def close(self) -> None:
        """End it if it runs."""
        if self.process is not None:
            self.stop(signal.SIGKILL)

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and page of /health; (0, {}) when nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.http}/health", timeout=2) as answer:  # noqa: S310  our own
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except OSError:
            return 0, {}

    def metric(self, name: str) -> float:
        """Value of one line of /metrics; name with labels as written there."""
        with urllib.request.urlopen(f"{self.http}/metrics", timeout=2) as answer:  # noqa: S310
            for line in answer.read().decode().splitlines():
                if line.rpartition(" ")[0] == name:
                    return float(line.rpartition(" ")[2])
        raise AssertionError(f"no metric {name}")

    def log(self) -> str:
        """Everything it wrote so far."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def ask(self, endpoint: str, dialled: str, *, uniqueid: str, question: str = "authorise_call", **more: Any) -> Any:
        """Ask its FastAGI door."""
        return agi_client.ask(self.agi, question, endpoint, dialled, uniqueid=uniqueid, **more)


class Line:
    """Writes what Asterisk would write about one call of a telephone that is dialled over carriers."""

    _count = 0

    def __init__(self, daemon: Daemon, *, begun: int | None = None) -> None:
        Line._count += 1
        self.daemon = daemon
        self.begun = begun or int(time.time())
        self.caller = f"{daemon.node}-{self.begun}.{Line._count * 10}"
        self.call_ref = f"{self.caller}-1"

    def leg(self, attempt: int = 1) -> str:
        """Unique id of the leg of an attempt."""
        stem, _, number = self.caller.partition(".")
        return f"{stem}.{int(number) + attempt}"

    def ask(self, endpoint: str, dialled: str, **more: Any) -> Any:
        """Ask for this call; its channel lives from now on."""
        self.daemon.ami.channels[self.caller] = f"PJSIP/{endpoint}-00000000"
        return self.daemon.ask(endpoint, dialled, uniqueid=self.caller, **more)

    def answer(self, at_s: float, attempt: int = 1) -> None:
        """The leg is answered so long after the call began."""
        self.daemon.ami.channels[self.leg(attempt)] = f"PJSIP/x-{self.leg(attempt)}"
        self.write("ANSWER", at_s, self.leg(attempt), f"{self.call_ref}/{attempt}")

    def hang_up(self, at_s: float, cause: int = 16, attempt: int = 1, *, ends_call: bool = True) -> None:
        """The leg ends, and with it the call."""
        self.daemon.ami.channels.pop(self.leg(attempt), None)
        extra = f'{{""hangupcause"":{cause},""hangupsource"":"""",""dialstatus"":""""}}'
        self.write("HANGUP", at_s, self.leg(attempt), f"{self.call_ref}/{attempt}", extra)
        self.write("CHAN_END", at_s, self.leg(attempt), f"{self.call_ref}/{attempt}")
        if ends_call:
            self.end(at_s)

    def end(self, at_s: float) -> None:
        """The caller's channel ends."""
        self.daemon.ami.channels.pop(self.caller, None)
        self.write("HANGUP", at_s, self.caller, "", '{""hangupcause"":16,""hangupsource"":"""",""dialstatus"":""""}')
        self.write("CHAN_END", at_s, self.caller, "")

    def write(self, kind: str, at_s: float, uniqueid: str, userfield: str, extra: str = "") -> None:
        """One line of the journal."""
        self.raw(self.text(kind, at_s, uniqueid, userfield, extra) + "\n")

    def text(self, kind: str, at_s: float, uniqueid: str, userfield: str, extra: str = "") -> str:
        """A line without its end."""
        fields = (kind, f"{self.begun + at_s:.6f}", uniqueid, self.caller, f"PJSIP/x-{uniqueid}", userfield, "1", "",
                  "s", "from-trunk", "AppDial", "", extra)  # fmt: skip
        return ",".join(f'"{field}"' for field in fields)

    def raw(self, text: str) -> None:
        """Bytes at the end of the journal."""
        with self.daemon.journal.open("a", encoding="utf-8") as file:
            file.write(text)


class Bench:
    """Demo, fake Asterisk and bridge of one test module."""

    def __init__(self, demo: Demo, ami: FakeAmi, daemon: Daemon) -> None:
        self.demo, self.db, self.ami, self.daemon = demo, demo.db, ami, daemon

    def line(self, **more: Any) -> Line:
        """A new call."""
        return Line(self.daemon, **more)

    def settled(self, *uniqueids: str, seconds: float = 8.0) -> list[dict[str, Any]]:
        """Call records of legs, in the order given, once all are there."""
        query = "select * from telecom_call_record where leg_uniqueid = any(%s)"
        rows = until(
            lambda: found if len(found := self.db.all(query, list(uniqueids))) >= len(uniqueids) else [],
            seconds=seconds, reason=f"records of {uniqueids}; log:\n{self.daemon.log()[-2000:]}",
        )  # fmt: skip
        return sorted(rows, key=lambda row: uniqueids.index(row["leg_uniqueid"]))

    def charges(self, leg: str) -> list[tuple[int, int]]:
        """Account and gross (micro-units) of each charge of a leg, the customer's first."""
        rows = self.db.all(
            "select account_id, gross_micro from telecom_call_charge where leg_uniqueid = %s order by level, id", leg
        )
        return [(row["account_id"], row["gross_micro"]) for row in rows]

    def reserved(self) -> int:
        """How many reservations there are."""
        return int(self.db.value("select count(*) from telecom_reservation"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
