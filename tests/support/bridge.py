"""A bridge process of the tests' own."""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bss_cli.bridge_node import bridge_argv, write_bridge_toml
from bss_cli.paths import Layout
from bss_cli.privilege import Host
from tests.support.until import until

START_SECONDS = 20
STOP_SECONDS = 8


class Bridge:
    """`telecom_switch_bridge run` with settings of the tests; may be stopped, killed, frozen and started again."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._layout = Layout.find()
        self._host = Host.find(self._layout)
        self._toml = write_bridge_toml(
            folder / "bridge.toml", settings, self._host.owner if self._host.is_root else None
        )
        self._metrics = "http://{host}:{port}".format(**settings["metrics"])
        self._log = folder / "bridge.log"
        self.environment: dict[str, str] = {}  # besides the tests' own, from the next start on
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it says that it is healthy."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._host.as_service(bridge_argv(self._layout, self._toml)), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, cwd=self._layout.repo, start_new_session=True,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(self._toml.parent),
                     **self.environment},
            )  # fmt: skip
        until(
            self.healthy, seconds=START_SECONDS, reason=lambda: f"the bridge to be healthy; log: {self.log()[-3000:]}"
        )

    def healthy(self) -> bool:
        """Whether the health page answers 200. AssertionError when the process has ended."""
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the bridge ended with {self._process.returncode}: {self.log()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{self._metrics}/health", timeout=2) as answer:  # noqa: S310 our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def health(self) -> dict[str, Any]:
        """The health page, also one that says that something is wrong."""
        try:
            with urllib.request.urlopen(f"{self._metrics}/health", timeout=2) as answer:  # noqa: S310
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            return dict(json.loads(error.read()))

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def send(self, number: int) -> None:
        """Send a signal: SIGSTOP freezes it, SIGCONT wakes it."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it; SIGKILL after eight seconds."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=STOP_SECONDS)
