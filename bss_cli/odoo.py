"""Odoo: its configuration file, the database, upgrades when the addons changed, the demo data."""

import configparser
import io
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BssError
from .files import text_hash, tree_hash, write_atomic
from .paths import Layout
from .postgres import Cluster
from .privilege import Host
from .shell import run_logged

DATABASE = "bss"
BUILDING = "bss_building"
SUITE = "telecom_suite"
BASE_ADDON = "telecom_base"  # upgrading it upgrades every addon of ours, since all depend on it
INIT_TIMEOUT_S = 1500.0

ODOO_MODULES = (
    "account_edi_ubl_cii", "account_payment", "api_doc", "auth_passkey", "auth_passkey_portal",
    "auth_password_policy", "auth_password_policy_portal", "auth_password_policy_signup", "auth_signup", "auth_timeout",
    "auth_totp", "auth_totp_mail", "auth_totp_portal", "base_import", "base_setup", "bus", "html_editor",
    "phone_validation", "privacy_lookup", "resource_mail", "rpc", "web", "web_tour",
)  # fmt: skip
"""Modules of Odoo that a fresh database gets besides those that our addons need.

Odoo would also install by itself what asks services outside (partner_autocomplete, iap, sms, snailmail, web_unsplash),
so it is told to install nothing by itself. An administrator may install any of them on the page Apps.
"""


@dataclass(frozen=True)
class OdooInstance:
    """One Odoo: its database server, folders and configuration."""

    layout: Layout
    host: Host
    cluster: Cluster
    password: str  # of the role bss_odoo
    conf: Path
    data: Path
    log: Path

    def write_conf(self, overrides: Mapping[str, str] | None = None, addons: tuple[Path, ...] = ()) -> None:
        """Write the configuration: the repository's odoo.conf plus what belongs to this installation."""
        parser = configparser.RawConfigParser()
        parser.read(self.layout.repo / "odoo.conf", encoding="utf-8")
        options = {
            **dict(parser.items("options")),
            "addons_path": ",".join(str(path) for path in (self.layout.addons, *addons)),
            "data_dir": str(self.data),
            "db_host": self.cluster.address,
            "db_port": str(self.cluster.port),
            "db_user": "bss_odoo",
            "db_password": self.password,
            **(overrides or {}),
        }
        written = configparser.RawConfigParser()
        written.read_dict({"options": options})
        text = io.StringIO()
        written.write(text)
        self.host.own(self.data)
        write_atomic(self.conf, text.getvalue(), mode=0o600, owner=self.host.owner)

    def argv(self, *arguments: str) -> list[str]:
        """The command line of an Odoo command, run as the service user; without a command word it is the server.

        Started by its script and without the word `server`, since Odoo starts its gevent process with
        `argv[0] gevent argv[1:]`.
        """
        word = list(arguments[:1]) if arguments and not arguments[0].startswith("-") else []
        command: list[str | Path] = [
            self.layout.python,
            self.layout.odoo / "usr" / "bin" / "odoo",
            *word,
            "-c",
            self.conf,
        ]
        return self.host.as_service([*command, *arguments[len(word) :]])

    def environment(self) -> dict[str, str]:
        """Caches go to the runtime folder: the service user cannot write to the clone."""
        self.host.own(self.layout.home / "pycache")
        return {
            "PYTHONPYCACHEPREFIX": str(self.layout.home / "pycache"),
            "HOME": str(self.data),
            "PYTHONUNBUFFERED": "1",
            "TZ": "UTC",
        }

    def run(self, *arguments: str, timeout_s: float = INIT_TIMEOUT_S) -> str:
        """Run an Odoo command to its end and return its output; raise BssError when it fails."""
        return run_logged(self.argv(*arguments), self.log, cwd=Path("/"), env=self.environment(), timeout_s=timeout_s)

    def run_tests(self, arguments: Sequence[str], log: Path, limit_s: float) -> int:
        """Run Odoo's test runner with its output in `log`; return its exit code, 1 when ended after `limit_s` (s)."""
        with log.open("wb") as sink:
            process = subprocess.Popen(
                self.argv(*arguments), stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, cwd="/",
                env={**os.environ, **self.environment()}, start_new_session=True,
            )  # fmt: skip
            try:
                return process.wait(limit_s)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return 1

    def build_database(self, name: str) -> None:
        """Make a database with all our addons under a working name and rename it when whole."""
        if not (self.layout.addons / SUITE / "__manifest__.py").is_file():
            raise BssError(f"The addon {SUITE} is missing in {self.layout.addons}.", "check out a whole tree")
        self.cluster.drop_database(BUILDING)
        self._remove_filestore(BUILDING)
        self.cluster.create_database(BUILDING)
        output = self.run("-d", BUILDING, "-i", ",".join((SUITE, *ODOO_MODULES)), "--skip-auto-install",
                          "--stop-after-init", "--workers=0", "--max-cron-threads=0", "--no-http")  # fmt: skip
        check_loading(output)
        self._rename(BUILDING, name)

    def upgrade_database(self, name: str) -> None:
        """Bring a database to the state of the addons in the repository."""
        output = self.run("-d", name, "-u", BASE_ADDON, "-i", SUITE, "--skip-auto-install", "--stop-after-init",
                          "--workers=0", "--max-cron-threads=0", "--no-http")  # fmt: skip
        check_loading(output)

    def _rename(self, old: str, new: str) -> None:
        self._remove_filestore(new)
        store = self.data / "filestore"
        if (store / old).exists():
            (store / old).rename(store / new)
        self.cluster.sql(f'alter database "{old}" rename to "{new}"')

    def _remove_filestore(self, name: str) -> None:
        command = self.host.as_service(["rm", "-rf", self.data / "filestore" / name])
        run_logged(command, self.log, cwd=Path("/"))

    def clone_filestore(self, old: str, new: str) -> None:
        """Give a cloned database its files, as hard links."""
        store = self.data / "filestore"
        self._remove_filestore(new)
        if (store / old).exists():
            run_logged(self.host.as_service(["cp", "-al", store / old, store / new]), self.log, cwd=Path("/"))


def check_loading(output: str) -> None:
    """Raise BssError when Odoo logged an error while it loaded modules, although it ended with 0."""
    bad = [line for line in output.splitlines() if " ERROR " in line or " CRITICAL " in line]
    if bad:
        shown = "\n".join("    " + line for line in bad[:10])
        raise BssError(f"Odoo logged errors while loading our addons:\n{shown}")


def addons_hash(layout: Layout) -> str:
    """Changes whenever a database must be upgraded: addons, shared rules, Odoo, its modules, Python packages."""
    marker = layout.state / "odoo.json"
    return text_hash(
        tree_hash(layout.addons, layout.repo / "requirements.txt"),
        marker.read_text(encoding="utf-8") if marker.exists() else "",
        *ODOO_MODULES,
    )
