"""What suites and benches run on: a private test cluster with a template database of the present addons."""

import secrets
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from . import ports
from .console import progress
from .errors import BssError
from .files import read_json, text_hash, write_json
from .odoo import OdooInstance, addons_hash
from .paths import Layout
from .postgres import ROLES, Cluster
from .privilege import Host
from .services import end_process, process_start

TEST_PORTS_FROM = 15442
PORT_TRIES = 5


@dataclass(frozen=True)
class TestBed:
    """What the suites need: a running cluster with roles and a template database."""

    layout: Layout
    host: Host
    cluster: Cluster
    passwords: Mapping[str, str]
    template: str
    odoo: OdooInstance

    def environment(self) -> dict[str, str]:
        return {
            "BSS_TEST_DSN": self.cluster.dsn("postgres", self.cluster.password, "postgres"),
            "BSS_TEST_TEMPLATE": self.template,
            "BSS_TEST_DIR": str(self.layout.test),
            "BSS_TEST_ROLES": str(self.layout.test / "roles.json"),
            "BSS_TEST_ODOO_CONF": str(self.odoo.conf),
            "BSS_HOME": str(self.layout.home),
        }


@contextmanager
def test_bed(layout: Layout, host: Host, extra: Mapping[str, str]) -> Iterator[TestBed]:
    """A running test cluster with a template database of the present addons; stopped at the end."""
    host.own(layout.test, 0o755)
    passwords = _test_passwords(layout)
    end_process(read_json(layout.test / "postgres.pid", {}), signal.SIGINT)
    cluster, process = _start_cluster(layout, host, passwords["postgres"], extra)
    write_json(layout.test / "postgres.pid", {"pid": process.pid, "started": process_start(process.pid)})
    try:
        cluster.ensure_roles(passwords)
        conf, data = layout.test / "odoo.conf", layout.test / "odoo-data"
        odoo = OdooInstance(layout, host, cluster, passwords["bss_odoo"], conf, data, layout.test / "odoo-setup.log")
        write_test_conf(layout, odoo)
        template = ensure_template(layout, cluster, odoo)
        yield TestBed(layout, host, cluster, passwords, template, odoo)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        (layout.test / "postgres.pid").unlink(missing_ok=True)


def _start_cluster(
    layout: Layout, host: Host, password: str, extra: Mapping[str, str]
) -> "tuple[Cluster, subprocess.Popen[bytes]]":
    """The cluster of the tests, running on a free port; on the next one when another test bed was quicker."""
    for more in reversed(range(PORT_TRIES)):
        port = ports.choose_port("127.0.0.1", TEST_PORTS_FROM)
        cluster = Cluster(layout.test / "pg", host, port, password)
        cluster.create(layout.log / "setup.log")
        try:
            return cluster, cluster.start(layout.test / "postgres.log", extra)
        except BssError:
            if not more or ports.is_free("127.0.0.1", port):
                raise
    raise AssertionError("unreachable")


def _test_passwords(layout: Layout) -> dict[str, str]:
    file = layout.test / "roles.json"
    known: dict[str, str] = read_json(file, {})
    if not known:
        known = {role: secrets.token_hex(12) for role in ("postgres", *ROLES)}
        write_json(file, known, mode=0o600)
    return known


def write_test_conf(layout: Layout, odoo: OdooInstance) -> None:
    """Write Odoo's configuration with ports that are free now: once more before a run, for a bed can be old by then."""
    http = ports.choose_port("127.0.0.1", 18069)
    gevent = ports.choose_port("127.0.0.1", 18072, used=[http])
    odoo.write_conf(
        {"http_interface": "127.0.0.1", "http_port": str(http), "gevent_port": str(gevent)},
        addons=tuple(path for path in [layout.repo / "tests" / "odoo"] if any(path.glob("*/__manifest__.py"))),
    )


def ensure_template(layout: Layout, cluster: Cluster, odoo: OdooInstance) -> str:
    """The name of a database with the present addons; built when there is none, older ones are dropped."""
    name = f"bss_template_{text_hash(addons_hash(layout))[:12]}"
    if cluster.has_database(name):
        return name
    old = cluster.sql("select datname from pg_database where datname like 'bss\\_template\\_%'").split()
    for database in old:
        cluster.drop_database(database)
    with progress("Template database for tests", odoo.log):
        odoo.build_database(name)
    return name
