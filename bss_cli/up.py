"""`./bss up` and `./bss down`: set up what is missing, start everything in order, follow or let go."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import config, nodes, proxy_node, services, setup_steps, status
from .asterisk_node import node_argv
from .bridge_node import bridge_argv
from .config import Settings
from .console import progress, say
from .errors import BssError
from .files import read_json, text_hash, tree_hash, write_atomic
from .locks import exclusive
from .odoo import DATABASE, OdooInstance, addons_hash
from .paths import Layout
from .postgres import Cluster, literal, role_passwords
from .privilege import Host, can_unshare, check_reach
from .services import ServiceSpec
from .steps import Step, run_step, run_steps

READY_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 90.0
# Odoo begins with 8, which its own test people have; a new installation begins with more
LONG_PASSWORDS = "update ir_config_parameter set value = '12' where key = 'auth_password_policy.minlength'"
DEMO_LOADER = Path("data/demo/load_demo.py")
STORY_LOADER = Path("data/demo/load_story.py")
STORY_PARTS = ("load_story.py", "story", "telecom_story")  # beside the demo itself


def install(layout: Layout, *, with_tests: bool = False) -> Host:
    """Do the installing steps that are not done; return the rights we then have."""
    for folder in (layout.home, layout.state, layout.log, layout.build, layout.run):
        folder.mkdir(parents=True, exist_ok=True)
    layout.home.chmod(0o755)
    setup_steps.announce(layout, with_tests=with_tests)
    run_steps(layout, setup_steps.install_steps(layout, with_tests=with_tests))
    host = Host.find(layout)
    check_reach(host, layout)
    if not host.is_root and not can_unshare():
        raise BssError("An ordinary user may not enter Asterisk's private root here.", "run ./bss with sudo or as root")
    return host


def up(layout: Layout, *, demo: bool, detach: bool) -> int:
    """Everything that `./bss up` does; returns the exit code."""
    started = time.monotonic()
    with exclusive(layout):
        host = install(layout)
        if services.supervisor_is_outdated(layout):
            say("  The supervisor's code has changed: all services start again.")
            _stop_supervisor(layout)
        services.end_leftovers(layout)
        settings = config.settle(layout, services.running_names(layout))
        _start_services(layout, host, settings, demo=demo)
    say(f"Everything runs (after {time.monotonic() - started:.0f} s).")
    say()
    status.print_human(layout)
    if detach:
        return 0
    say("\nCtrl-C stops everything. (`./bss up --detach` lets it run on, `./bss down` stops it.)")
    return _follow(layout)


def _start_services(layout: Layout, host: Host, settings: Settings, *, demo: bool) -> None:
    cluster = cluster_of(layout, host, settings)
    odoo = odoo_of(layout, host, settings, cluster)
    log = layout.log / "setup.log"
    if not (cluster.data / "PG_VERSION").is_file():
        with progress("PostgreSQL cluster", log):
            cluster.create(log)
    _apply(layout, _meanwhile(layout, postgres_spec(cluster, settings)))
    cluster.wait_ready(layout.log / "postgres.log")
    _prepare_database(layout, host, settings, cluster, odoo, demo=demo)
    specs = all_specs(layout, host, settings, cluster, odoo, demo=demo)
    with progress("Services", layout.log / "supervisor.log"):
        _apply(layout, specs)
        wait_running(layout, [spec.name for spec in specs])


def cluster_of(layout: Layout, host: Host, settings: Settings) -> Cluster:
    return Cluster(layout.home / "pg", host, settings.ports["postgres"], settings.secrets["pg_postgres"])


def odoo_of(layout: Layout, host: Host, settings: Settings, cluster: Cluster) -> OdooInstance:
    password = settings.secrets["pg_bss_odoo"]
    conf = layout.home / "odoo.conf"
    return OdooInstance(layout, host, cluster, password, conf, layout.odoo_data, layout.log / "odoo-setup.log")


def _database_step(layout: Layout, cluster: Cluster, odoo: OdooInstance) -> Step:
    def build() -> dict[str, str]:
        if cluster.has_database(DATABASE):
            odoo.upgrade_database(DATABASE)
        else:
            odoo.build_database(DATABASE)
            odoo.cluster.sql(LONG_PASSWORDS, DATABASE)
        return {}

    return Step("database", "Odoo database with our addons", lambda: addons_hash(layout),
                lambda: cluster.has_database(DATABASE), build, odoo.log.name)  # fmt: skip


def _meanwhile(layout: Layout, database: ServiceSpec) -> list[ServiceSpec]:
    """What runs while the database is prepared: what runs already, without Odoo when its database will change."""
    running = services.read_specs(services.spec_file(layout)) if services.supervisor_pid(layout) else []
    known = read_json(layout.state / "database.json", {})
    changing = known.get("hash") != text_hash(addons_hash(layout))
    others = [spec for spec in running if spec.name != database.name and not (changing and spec.name == "odoo")]
    return [database, *others]


def _prepare_database(
    layout: Layout, host: Host, settings: Settings, cluster: Cluster, odoo: OdooInstance, *, demo: bool
) -> None:
    """Roles, database, demo data: each only when it is not as it should be."""
    cluster.ensure_roles(role_passwords(settings.secrets))
    odoo.write_conf(
        {
            "http_interface": "127.0.0.1", "http_port": str(settings.ports["odoo_http"]),
            "gevent_port": str(settings.ports["odoo_gevent"]), "dbfilter": f"^{DATABASE}$", "db_name": DATABASE,
            "admin_passwd": settings.secrets["odoo_master"],
            "proxy_mode": "True",  # behind our own reverse proxy, which overwrites the headers
        }
    )  # fmt: skip
    run_step(layout, _database_step(layout, cluster, odoo))
    cluster.sql(proxy_node.port_sql(settings.ports["https"]), DATABASE)
    if demo:
        run_step(layout, _demo_step(layout, host, settings, odoo))
        run_step(layout, _story_step(layout, odoo))


def _demo_step(layout: Layout, host: Host, settings: Settings, odoo: OdooInstance) -> Step:
    """The demo's records; done again when the loader, its tables, or the far end's address change."""
    loader = layout.repo / DEMO_LOADER

    def inputs() -> str:
        database_id = odoo.cluster.sql(f"select oid from pg_database where datname = {literal(DATABASE)}")  # noqa: S608
        tables = [path for path in sorted(loader.parent.glob("*")) if path.name not in {"far_end", *STORY_PARTS}]
        return " ".join((tree_hash(*tables), settings.joined("sip_far"), database_id))

    def build() -> dict[str, str]:
        if not loader.is_file():
            raise BssError(f"{loader} is missing.", "use `./bss up --no-demo`")
        credentials = host.own(layout.home / "demo") / "credentials.json"
        environment = {"BSS_DEMO_CREDENTIALS": str(credentials), "BSS_FAR_SIP": settings.joined("sip_far")}
        run_shell_script(odoo, DATABASE, loader, environment)
        write_atomic(layout.demo_credentials, credentials.read_text(encoding="utf-8"), mode=0o600)
        return {}

    return Step("demo", "Demo data", inputs, layout.demo_credentials.is_file, build, odoo.log.name)


def _story_step(layout: Layout, odoo: OdooInstance) -> Step:
    """A month of calls, so that every page shows something; a database that has it keeps it as it is."""
    loader = layout.repo / STORY_LOADER

    def inputs() -> str:
        database_id = odoo.cluster.sql(f"select oid from pg_database where datname = {literal(DATABASE)}")  # noqa: S608
        return " ".join((tree_hash(*(loader.parent / name for name in STORY_PARTS)), database_id))

    def build() -> dict[str, str]:
        run_shell_script(odoo, DATABASE, loader, {})
        return {}

    return Step("story", "A month of demo calls", inputs, loader.is_file, build, odoo.log.name)


def run_shell_script(odoo: OdooInstance, database: str, script: Path, environment: dict[str, str]) -> None:
    """Run a script in an Odoo shell; raise BssError when it raises."""
    argv = odoo.argv("shell", "-d", database, "--shell-interface", "python", "--no-http")
    with script.open("rb") as source, odoo.log.open("ab") as sink:
        begin = sink.tell()
        done = subprocess.run(
            argv, stdin=source, stdout=sink, stderr=subprocess.STDOUT, cwd="/", check=False, timeout=600,
            env={**os.environ, **odoo.environment(), **environment},
        )  # fmt: skip
    with odoo.log.open("rb") as file:
        file.seek(begin)
        output = file.read().decode("utf-8", "replace")
    if done.returncode or "Traceback (most recent call last)" in output:
        tail = "\n".join("    " + line for line in output.strip().splitlines()[-12:])
        raise BssError(f"{script.name} failed:\n{tail}", f"see {odoo.log}")


def postgres_spec(cluster: Cluster, settings: Settings) -> ServiceSpec:
    return ServiceSpec("postgres", cluster.argv(), ready=[settings.joined("postgres")], stop_signal=signal.SIGINT,
                       stop_timeout_s=60.0)  # fmt: skip


def all_specs(
    layout: Layout, host: Host, settings: Settings, cluster: Cluster, odoo: OdooInstance, *, demo: bool
) -> list[ServiceSpec]:
    """Every service in starting order, its configuration written. A changed configuration changes its description."""
    toml = nodes.prepare_bridge(layout, host, settings)
    nodes.prepare_switch(layout, host, settings)
    code = tree_hash(layout.repo / "telecom_switch_bridge")
    home = {"HOME": str(layout.home), "PYTHONPYCACHEPREFIX": str(layout.home / "pycache"), "PYTHONUNBUFFERED": "1"}
    bridge_env = {**home, "BSS_CODE": _short(code + toml.read_text(encoding="utf-8"))}
    specs = [
        postgres_spec(cluster, settings),
        ServiceSpec(
            "bridge-a", host.as_service(bridge_argv(layout, toml)), bridge_env, ready=[settings.joined("agi_a")]
        ),
        _asterisk_spec(layout, host, settings, nodes.NODE),
    ]
    if demo:
        nodes.prepare_far(layout, host, settings)
        specs.append(_asterisk_spec(layout, host, settings, nodes.FAR))
    odoo_env = {**odoo.environment(), "BSS_CODE": _short(addons_hash(layout) + odoo.conf.read_text(encoding="utf-8"))}
    specs.append(
        ServiceSpec("odoo", odoo.argv(), odoo_env, ready=[settings.joined("odoo_http")], ready_timeout_s=180.0,
                    stop_timeout_s=20.0)
    )  # fmt: skip
    return [*specs, *proxy_node.specs(layout, host, settings)]


def _asterisk_spec(layout: Layout, host: Host, settings: Settings, name: str) -> ServiceSpec:
    logs = layout.node_dir(name) / "log"
    return ServiceSpec(
        f"asterisk-{name}", node_argv(layout, host, name), {"BSS_CODE": _short(nodes.config_text(layout, name))},
        ready=[settings.joined(f"ami_{name}")], rotate=[str(logs / "messages*"), str(logs / "full*")],
    )  # fmt: skip


def _short(text: str) -> str:
    """A mark in the environment by which the supervisor sees that code or configuration changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _apply(layout: Layout, specs: list[ServiceSpec]) -> None:
    """Hand the descriptions to the supervisor, starting it when none runs."""
    services.write_specs(layout, specs)
    pid = services.supervisor_pid(layout)
    if pid is not None:
        os.kill(pid, signal.SIGHUP)
        time.sleep(0.5)  # it looks at its flag ten times a second
        return
    services.state_file(layout).unlink(missing_ok=True)
    with (layout.log / "supervisor.log").open("ab") as sink:
        subprocess.Popen(
            [sys.executable, "-m", "bss_cli.supervise", str(layout.home)], cwd=layout.repo, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip


def wait_running(layout: Layout, names: list[str], timeout_s: float = READY_TIMEOUT_S + 60) -> None:
    """Wait until all are running; raise BssError when one keeps dying or the time is over."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        known = services.states(layout)
        if all(known.get(name, {}).get("state") == "running" for name in names):
            return
        for name in names:
            if known.get(name, {}).get("restarts", 0) >= 3 and known[name]["state"] != "running":
                raise BssError(f"{name} does not stay up:\n{log_tail(layout, name)}", f"see `./bss logs {name}`")
        time.sleep(0.2)
    late = [name for name in names if services.states(layout).get(name, {}).get("state") != "running"]
    raise BssError(f"Not ready in time: {', '.join(late)}\n{log_tail(layout, late[0])}", f"see `./bss logs {late[0]}`")


def log_tail(layout: Layout, name: str, lines: int = 12) -> str:
    file = layout.log / f"{name}.log"
    if not file.exists():
        file = layout.log / "supervisor.log"
    text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


def _follow(layout: Layout) -> int:
    """Stay in the foreground until Ctrl-C or the end of the supervisor; then stop everything."""

    def ask_stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_stop)
    try:
        while services.supervisor_pid(layout) is not None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("\nStopping ...")
        return down(layout)
    say("The supervisor ended.")
    return 1


def down(layout: Layout) -> int:
    """Stop the supervisor and with it every service; services of a killed supervisor are ended too."""
    if services.supervisor_pid(layout) is None:
        ended = services.end_leftovers(layout)
        say(f"Ended what an earlier run left: {', '.join(ended)}." if ended else "Nothing is running.")
        return 0
    _stop_supervisor(layout)
    say("Stopped.")
    return 0


def _stop_supervisor(layout: Layout) -> None:
    """Ask the supervisor to stop all services and itself, and wait for that; BssError when it takes too long."""
    pid = services.supervisor_pid(layout)
    if pid is None:
        return
    services.signal_process(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while services.supervisor_pid(layout) is not None:
        if time.monotonic() > deadline:
            raise BssError(f"The supervisor (pid {pid}) does not stop.", f"see {layout.log / 'supervisor.log'}")
        time.sleep(0.2)
