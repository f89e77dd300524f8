"""Asterisk instances of the tests' own: from the product's templates, on loopback addresses that nobody uses."""

import itertools
import os
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

from bss_cli import asterisk_node, ports, rtp_ranges
from bss_cli.paths import REPO, Layout
from bss_cli.privilege import Host
from tests.support.until import until

SIP_PORT, SIPS_PORT, AMI_PORT, HTTP_PORT, AGI_PORT, METRICS_PORT = 5060, 5061, 5038, 8088, 4573, 9464
ALL_PORTS = (SIP_PORT, SIPS_PORT, AMI_PORT, HTTP_PORT, AGI_PORT, METRICS_PORT)
SECRET = "only-for-tests"
STOP_SECONDS = 10
RTP_FROM = 20_000  # below are those of installations
_ranges: deque[rtp_ranges.Range] = deque(maxlen=4)  # given out, perhaps not running yet
_hosts = itertools.count(1 + os.getpid() % 2000 * 31)  # two runs that start together do not meet


def free_addresses(count: int) -> Iterator[str]:
    """Yield loopback addresses on which none of our ports is in use."""
    while count:
        number = next(_hosts)
        if number > 250 * 250:
            raise RuntimeError("no free loopback address")
        address = f"127.90.{number // 250}.{number % 250 + 1}"
        if all(ports.is_free(address, port, "both") for port in ALL_PORTS):
            count -= 1
            yield address


def free_range() -> rtp_ranges.Range:
    """Voice ports that no running Asterisk has and that this run has not given out; runs begin in different places."""
    start = RTP_FROM + (os.getpid() + len(_ranges)) % 12 * rtp_ranges.STEP
    chosen = rtp_ranges.choose_range((start, start + rtp_ranges.WIDTH), [*_ranges, *rtp_ranges.taken_ranges()])
    _ranges.append(chosen)
    return chosen


class Asterisk:
    """One instance. `extra` are files of etc/ made by the test; `sounds` a folder of prompts; `rtp` its voice ports."""

    def __init__(
        self,
        name: str,
        address: str,
        templates: Path,
        *,
        rtp: rtp_ranges.Range | None = None,
        values: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
        sounds: Path | None = None,
    ) -> None:
        self.name, self.address, self.sip = name, address, f"{address}:{SIP_PORT}"
        self.layout = Layout.find()
        self.host = Host.find(self.layout)
        self.folder = self.layout.node_dir(name)
        shutil.rmtree(self.folder, ignore_errors=True)
        rtp = rtp or free_range()
        own = {
            "NODE": name, "NODE_DIR": asterisk_node.node_path(name), "REALM": asterisk_node.REALM,
            "SIP_IP": address, "SIP_PORT": str(SIP_PORT), "SIPS_PORT": str(SIPS_PORT),
            "RTP_START": str(rtp[0]), "RTP_END": str(rtp[1]),
            "HTTP_IP": address, "HTTP_PORT": str(HTTP_PORT), "ARI_PASSWORD": SECRET,
            "AMI_IP": address, "AMI_PORT": str(AMI_PORT), "AMI_SECRET": SECRET,
        }  # fmt: skip
        files = (
            asterisk_node.templates_of(templates) if (templates / "etc").is_dir() else sorted(templates.glob("*.conf"))
        )
        asterisk_node.prepare_node(
            self.layout, self.host, name, files, {**own, **(values or {})}, extra_files=extra, sounds=sounds
        )
        self.environment: dict[str, str] = {}  # besides its own, from the next start on
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def journal(self) -> Path:
        return self.folder / "log" / "cel" / "legs.csv"

    def log(self) -> str:
        """What the instance wrote to its log so far."""
        file = self.folder / "log" / "messages.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def start(self) -> None:
        """Start and wait until it takes calls (its manager port answers and it is fully booted)."""
        argv = asterisk_node.node_argv(self.layout, self.host, self.name)
        program = argv.index("/usr/sbin/asterisk")  # everything before it is `env` and its variables
        argv[program:program] = [f"{name}={value}" for name, value in self.environment.items()]
        with (self.folder / "log" / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=console,
                stderr=subprocess.STDOUT, cwd="/", start_new_session=True,
            )  # fmt: skip
        until(self._booted, seconds=20, reason=lambda: f"{self.name} to boot; log: {self.log()[-2000:]}")

    def _booted(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self._process.returncode}: {self.log()[-2000:]}")
        return "fully booted" in self.command("core waitfullybooted")

    def command(self, text: str) -> str:
        """Run a console command and return what it prints."""
        argv = ["/usr/sbin/asterisk", "-C", f"{asterisk_node.node_path(self.name)}/etc/asterisk.conf", "-rx", text]
        done = subprocess.run(
            self.host.in_root(self.layout.asterisk_root, argv), capture_output=True, text=True, timeout=10, check=False
        )
        return done.stdout

    def channels(self) -> int:
        """How many channels are up."""
        return int(self.command("core show channels count").split()[0])

    def channel_ids(self) -> set[str]:
        """Unique ids of the channels that are up."""
        lines = self.command("core show channels concise").splitlines()
        return {line.rpartition("!")[2] for line in lines if line.count("!") > 8}

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the instance, with SIGKILL at once or after ten seconds."""
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, number)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=STOP_SECONDS)


def product_node(name: str, address: str, *, dsn: Mapping[str, str], agi: str) -> Asterisk:
    """A node of the switch; `dsn` has host, port, database and bss_asterisk's password, `agi` is host:port."""
    values = {
        "PG_HOST": dsn["host"], "PG_PORT": dsn["port"], "PG_DB": dsn["database"],
        "PG_ASTERISK_PASSWORD": dsn["password"], "AGI_ADDRESS": agi,
    }  # fmt: skip
    folder = REPO / "asterisk"
    return Asterisk(name, address, folder, values=values, sounds=folder / "sounds")


def far_end(name: str, address: str, phones: str) -> Asterisk:
    """The demo's far end; `phones` is the text of its pjsip_phones.conf."""
    folder = REPO / "data" / "demo" / "far_end"
    return Asterisk(name, address, folder, extra={"pjsip_phones.conf": phones})
