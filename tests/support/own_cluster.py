"""A PostgreSQL server that a story may stop, kill or freeze: a copy of the test cluster with its roles and template."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from bss_cli import ports
from bss_cli.paths import Layout
from bss_cli.postgres import Cluster
from bss_cli.privilege import Host
from bss_cli.setup_steps import postgres_bin

PORTS_FROM = 25_442
FAST = {"fsync": "off", "full_page_writes": "off"}  # processes are killed here, no machine loses power
STOP_SECONDS = 20


class OwnCluster:
    """`dsn` is the superuser's. Everything that was started here is ended by `close`."""

    def __init__(self, folder: Path) -> None:
        layout = Layout.find()
        host = Host.find(layout)
        password = json.loads(Path(os.environ["BSS_TEST_ROLES"]).read_text())["postgres"]
        port = ports.choose_port("127.0.0.1", PORTS_FROM + os.getpid() % 1000 * 10)
        self._cluster = Cluster(host.own(folder), host, port, password)
        self._log = folder / "postgres.log"
        copy = [postgres_bin() / "pg_basebackup", "-d", os.environ["BSS_TEST_DSN"], "-D", self._cluster.data]
        subprocess.run(host.as_service([*copy, "-c", "fast", "-X", "stream"]), check=True, cwd="/", timeout=120)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def dsn(self) -> str:
        return self._cluster.dsn("postgres", self._cluster.password, "postgres")

    @property
    def address(self) -> tuple[str, int]:
        return self._cluster.address, self._cluster.port

    @property
    def runs(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Start the server, after a kill with recovery, and wait until it answers."""
        self._process = self._cluster.start(self._log, FAST)

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT: an administrator stops it; SIGKILL: every process of it at once, as when the machine resets."""
        assert self._process is not None
        if number == signal.SIGKILL:
            self._send(signal.SIGKILL)
        else:
            self._process.send_signal(number)
        self._process.wait(STOP_SECONDS)
        self._process = None

    def freeze(self) -> None:
        """Stop every process: clients stay connected and get no answer; new ones are not greeted."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def close(self) -> None:
        """End it and remove its folder."""
        if self._process is not None:
            self.thaw()
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self._cluster.folder, ignore_errors=True)

    def _send(self, number: int) -> None:
        """The postmaster first, so that it starts nothing new; its children are sessions of their own."""
        assert self._process is not None
        os.kill(self._process.pid, number)
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for child in children:
            try:
                os.kill(int(child), number)
            except ProcessLookupError:
                continue
