"""Odoo's pages for browser stories: the web server on the database of a switch, with the same addons and demo."""

import configparser
import os
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from bss_cli import ports
from bss_cli.paths import Layout
from bss_cli.privilege import Host
from tests.support.until import until

HTTP_FROM = 18169
START_SECONDS = 60
STOP_SECONDS = 10


class WebOdoo:
    """One `odoo` server with threads, on a free loopback port; `url` is where a browser goes.

    `options`: more of Odoo's command line; they win over ours.
    """

    def __init__(self, database: str, folder: Path, smtp_port: int, options: tuple[str, ...] = ()) -> None:
        self.database = database
        self.smtp_port = smtp_port
        self._options = options
        self.url = f"http://127.0.0.1:{ports.choose_port('127.0.0.1', HTTP_FROM)}"
        self._layout = Layout.find()
        self._host = Host.find(self._layout)
        self._log = folder / "odoo-web.log"
        self._conf = Path(os.environ["BSS_TEST_ODOO_CONF"])
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until the log-in page's server answers."""
        self._share_files()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._host.as_service(self._argv()), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd="/", start_new_session=True, env={**os.environ, **self._environment()},
            )  # fmt: skip
        until(self._answers, seconds=START_SECONDS, reason=lambda: f"Odoo to answer; log: {self.log()[-3000:]}")

    def log(self) -> str:
        """What the server wrote so far."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def errors(self) -> list[str]:
        """The log's lines of errors and tracebacks; a value that the database refuses is none: the page says it."""
        lines = [line for line in self.log().splitlines() if " ERROR " in line or line.startswith("Traceback")]
        return [line for line in lines if "odoo.sql_db: bad query" not in line]

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=STOP_SECONDS)

    def _argv(self) -> list[str | Path]:
        return [
            self._layout.python, self._layout.odoo / "usr" / "bin" / "odoo", "-c", self._conf, "-d", self.database,
            "--workers=0", "--max-cron-threads=0", "--proxy-mode", "--log-level=warn",
            f"--http-port={self.url.rpartition(':')[2]}",
            "--smtp=127.0.0.1", f"--smtp-port={self.smtp_port}", *self._options,
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        return {
            "PYTHONPYCACHEPREFIX": str(self._layout.home / "pycache"), "HOME": str(self._log.parent),
            "PYTHONUNBUFFERED": "1", "TZ": "UTC",
        }  # fmt: skip

    def _share_files(self) -> None:
        """Give the clone the template's attachments, as hard links: pages are made from them."""
        conf = configparser.RawConfigParser()
        conf.read(self._conf, encoding="utf-8")
        store = Path(conf.get("options", "data_dir")) / "filestore"
        theirs, ours = store / os.environ["BSS_TEST_TEMPLATE"], store / self.database
        if theirs.exists():
            script = 'mkdir -p "$2" && cp -aln "$1/." "$2"'
            command = self._host.as_service(["sh", "-c", script, "sh", theirs, ours])
            subprocess.run(command, cwd="/", check=True, timeout=60)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"Odoo ended with {self._process.returncode}: {self.log()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as answer:  # noqa: S310 our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
