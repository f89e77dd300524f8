"""A private PostgreSQL cluster: made, started and spoken to as the service user, on loopback, with passwords."""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import BssError
from .privilege import Host
from .setup_steps import postgres_bin
from .shell import run_logged

SUPERUSER = "postgres"
SOCKET_PATH_LIMIT = 90  # of 107 bytes, PostgreSQL's own file name takes the rest
START_TIMEOUT_S = 60
SSD_PAGE_COST = 1.1
"""For Odoo and the bridge: PostgreSQL's default is that of turning disks, and makes it read a whole table where an
index of a few hundred rows would do. Functions that money goes through have plans of their own (sql/16_journal.sql)."""

# name -> rights; what they may touch is granted by the addon telecom_switch
ROLES = {"bss_odoo": "CREATEDB", "bss_bridge": "", "bss_asterisk": ""}
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_min_duration_statement": "5s",
    "password_encryption": "scram-sha-256",
    "jit": "off",
}


@dataclass(frozen=True)
class Cluster:
    """One cluster: `folder` holds data/ and run/; `password` is the superuser's."""

    folder: Path
    host: Host
    port: int
    password: str
    address: str = "127.0.0.1"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create(self, log: Path) -> None:
        """Make the cluster unless it is there; an interrupted attempt is thrown away."""
        if (self.data / "PG_VERSION").is_file():
            return
        self.host.own(self.folder)
        building = self.folder / "data.building"
        self._as_service(["rm", "-rf", building], log)
        words = self.folder / "superuser.password"
        words.write_text(self.password)
        os.chown(words, *self.host.owner)
        words.chmod(0o600)
        options = ["--data-checksums", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        command: list[str | Path] = [
            postgres_bin() / "initdb",
            "-D",
            building,
            "-U",
            SUPERUSER,
            f"--pwfile={words}",
            *options,
        ]
        try:
            self._as_service(command, log)
        finally:
            words.unlink()
        building.rename(self.data)

    def argv(self, extra: Mapping[str, str] | None = None) -> list[str]:
        """The server's command line, for the service user."""
        settings = {**SETTINGS, "listen_addresses": self.address, "port": str(self.port), **(extra or {})}
        settings["unix_socket_directories"] = self._socket_folder()
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return self.host.as_service([postgres_bin() / "postgres", "-D", self.data, *options])

    def _socket_folder(self) -> str:
        """The folder of the socket; '' (TCP only) when its path would be too long for one."""
        folder = self.host.own(self.folder / "run")
        return str(folder) if len(str(folder)) <= SOCKET_PATH_LIMIT else ""

    def start(self, log: Path, extra: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a server of our own (tests, benches) and wait until it answers."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as sink:
            process = subprocess.Popen(
                self.argv(extra), stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                start_new_session=True, cwd="/",
            )  # fmt: skip
        self.wait_ready(log, process)
        return process

    def wait_ready(self, log: Path, process: "subprocess.Popen[bytes] | None" = None) -> None:
        """Wait until the server takes connections; raise BssError when it died or takes longer than a minute.

        With `process`, only that server counts: another one may have taken the port in the meantime.
        """
        command: list[str | Path] = [postgres_bin() / "pg_isready", "-q", "-h", self.address, "-p", str(self.port)]
        for _ in range(START_TIMEOUT_S * 5):
            mine = process is None or self._is_ready(process.pid)
            if mine and subprocess.run(command, check=False, timeout=10).returncode == 0:
                return
            if process is not None and process.poll() is not None:
                break
            time.sleep(0.2)
        raise BssError("PostgreSQL does not answer.", f"see {log}")

    def _is_ready(self, pid: int) -> bool:
        """Whether this process says of itself that it serves our data (postmaster.pid: its first and eighth line)."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def sql(self, text: str, database: str = SUPERUSER) -> str:
        """Run statements as superuser; return the unaligned output; raise BssError with the server's words."""
        command = [
            postgres_bin() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.address,
            "-p", str(self.port), "-U", SUPERUSER, "-d", database,
        ]  # fmt: skip
        done = subprocess.run(
            [str(part) for part in command], input=text, capture_output=True, text=True, check=False, timeout=600,
            env={**os.environ, "PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "10"}, cwd="/",
        )  # fmt: skip
        if done.returncode:
            raise BssError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def ensure_roles(self, passwords: Mapping[str, str]) -> None:
        """Make the roles with these passwords, or set the passwords anew."""
        known = set(self.sql("select rolname from pg_roles").split())
        for role, rights in ROLES.items():
            verb = "alter" if role in known else "create"
            self.sql(f"{verb} role {role} login {rights} password {literal(passwords[role])}")
        for reader in ("bss_odoo", "bss_bridge"):
            self.sql(f"alter role {reader} set random_page_cost = {SSD_PAGE_COST}")

    def has_database(self, name: str) -> bool:
        return self.sql(f"select 1 from pg_database where datname = {literal(name)}") == "1"  # noqa: S608 - quoted

    def create_database(self, name: str, template: str = "template0") -> None:
        """Make a database that belongs to Odoo's role.

        A copied sequence counts on what its original had logged: when the server is killed before the next checkpoint,
        it would go back and give ids twice. So that checkpoint comes now.
        """
        self.sql(f'create database "{name}" owner bss_odoo template "{template}"')
        self.sql("checkpoint")

    def drop_database(self, name: str) -> None:
        self.sql(f'drop database if exists "{name}" with (force)')

    def dsn(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@{self.address}:{self.port}/{database}"

    def _as_service(self, argv: list[str | Path], log: Path) -> None:
        run_logged(self.host.as_service(argv), log, cwd=Path("/"))


def literal(value: str) -> str:
    """A string as an SQL literal (standard_conforming_strings is on)."""
    return "'" + value.replace("'", "''") + "'"


def role_passwords(secrets: Mapping[str, str]) -> dict[str, str]:
    """Role -> password from the generated secrets."""
    return {role: secrets[f"pg_{role}"] for role in ROLES}
