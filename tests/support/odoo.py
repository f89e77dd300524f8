"""Odoo for tests of a running system: what staff do in pages, done through the same ORM, committed at once."""

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

from bss_cli.paths import Layout
from bss_cli.privilege import Host

WORKER = Path(__file__).with_name("odoo_worker.py")
START_SECONDS = 90
CALL_SECONDS = 180


class OdooError(Exception):
    """Odoo refused; the text is its message."""


class Odoo:
    """One `odoo shell` on a database, spoken to over a socket."""

    def __init__(
        self,
        database: str,
        folder: Path,
        environment: dict[str, str] | None = None,
        *,
        db_port: int | None = None,
        patience_s: float = CALL_SECONDS,
    ) -> None:
        layout = Layout.find()
        host = Host.find(layout)
        self._log = (folder / "odoo-worker.log").open("wb")
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(START_SECONDS)
            place = "{}:{}".format(*server.getsockname())
            argv = [layout.python, "-m", "odoo", "shell", "-c", os.environ["BSS_TEST_ODOO_CONF"], "-d", database]
            argv += ["--db_port", str(db_port)] if db_port else []
            caches = str(layout.home / "pycache")
            self._process = subprocess.Popen(
                host.as_service([*argv, "--no-http", "--log-level=warn"]), stdin=WORKER.open("rb"), stdout=self._log,
                stderr=subprocess.STDOUT, cwd="/", start_new_session=True,
                env={**os.environ, "BSS_TEST_WORKER": place, "PYTHONPYCACHEPREFIX": caches, "TZ": "UTC",
                     "HOME": str(folder), **(environment or {})},
            )  # fmt: skip
            self._socket = server.accept()[0]
        self._socket.settimeout(patience_s)
        self._stream = self._socket.makefile("rw")

    @property
    def pid(self) -> int:
        """The shell's process."""
        return self._process.pid

    def run(self, script: Path) -> None:
        """Run a Python file with `env`, as `odoo shell < file` does."""
        self._ask(script=str(script))

    def call(self, model: str, ids: list[int], method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method on records; records come back as ids. OdooError when Odoo refuses."""
        return self._ask(model=model, ids=ids, method=method, args=args, kwargs=kwargs)

    def create(self, model: str, **values: Any) -> int:
        return int(self.call(model, [], "create", values)[0])

    def write(self, model: str, record: int, **values: Any) -> None:
        self.call(model, [record], "write", values)

    def find(self, model: str, *domain: tuple[str, str, Any]) -> int:
        """Return the one record of a domain; OdooError when there is none or more."""
        found = self.call(model, [], "search", list(domain))
        if len(found) != 1:
            raise OdooError(f"{model} {domain}: {len(found)} records")
        return int(found[0])

    def read(self, model: str, record: int, *fields: str) -> Any:
        """Return the values of fields, or the value of one."""
        values = self.call(model, [record], "read", list(fields))[0]
        return values[fields[0]] if len(fields) == 1 else values

    def close(self) -> None:
        """End the shell."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self._log.close()

    def _ask(self, **question: Any) -> Any:
        self._stream.write(json.dumps(question) + "\n")
        self._stream.flush()
        line = self._stream.readline()
        if not line:
            raise OdooError(f"the shell ended; see {self._log.name}")
        answer = json.loads(line)
        if "error" in answer:
            raise OdooError(answer["error"])
        return answer["result"]
