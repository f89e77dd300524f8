"""`./bss status`: what runs, where, and with which log-ins."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

from . import config, proxy_node, services, steps
from .config import Settings
from .console import say
from .files import read_json
from .odoo import DATABASE
from .paths import Layout

HEALTH_TIMEOUT_S = 3.0


def collect(layout: Layout) -> dict[str, Any]:
    """Everything that `status --json` shows. Empty addresses before the first `up`."""
    settings = config.load(layout)
    demo = read_json(layout.demo_credentials, {})
    state = services.states(layout)
    found: dict[str, Any] = {
        "running": bool(state) and all(one["state"] == "running" for one in state.values()),
        "services": state,
        "users": demo.get("users", []),
        "versions": steps.versions(layout),
        "runtime_folder": str(layout.home),
    }
    return {**found, **(_places(layout, settings, demo) if settings else {"odoo_url": None, "db": None})}


def _places(layout: Layout, settings: Settings, demo: dict[str, Any]) -> dict[str, Any]:
    sip_host, sip_port = settings.at("sip_a")
    password = settings.secrets["pg_postgres"]
    metrics = f"http://{settings.joined('metrics_a')}"
    names = ["a"] + (["far"] if (layout.node_dir("far") / "etc").exists() else [])
    return {
        "odoo_url": f"http://{settings.joined('odoo_http')}",
        "brands": proxy_node.urls(layout, settings),
        "authority": str(proxy_node.folder_of(layout) / "authority.crt"),
        "db": DATABASE,
        "sip": {"host": sip_host, "port": sip_port, "accounts": demo.get("sip", [])},
        "postgres": {"dsn": f"postgresql://postgres:{password}@{settings.joined('postgres')}/{DATABASE}"},
        "asterisk": {"nodes": [_node(layout, settings, name) for name in names]},
        "bridge": {
            "metrics": f"{metrics}/metrics",
            "health": f"{metrics}/health",
            "state": health(f"{metrics}/health"),
        },
    }


def _node(layout: Layout, settings: Settings, name: str) -> dict[str, Any]:
    first, last = settings.rtp[name]
    return {
        "name": name,
        "sip": settings.joined(f"sip_{name}"),
        "ari": f"http://{settings.joined(f'http_{name}')}/ari",
        "ami": settings.joined(f"ami_{name}"),
        "rtp": f"{first}-{last}",
        "folder": str(layout.node_dir(name)),
    }


def health(url: str) -> Any:
    """What the bridge says about itself; None when it does not answer."""
    try:
        with urllib.request.urlopen(url, timeout=HEALTH_TIMEOUT_S) as answer:  # noqa: S310 - our own http address
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        try:
            return json.loads(error.read())
        except ValueError:
            return {"status": error.code}
    except (OSError, ValueError):
        return None


def print_human(layout: Layout) -> None:
    """The same for people."""
    found = collect(layout)
    if found["odoo_url"] is None:
        say("Nothing is set up yet: run `./bss up`.")
        return
    say(f"Odoo        {found['odoo_url']}   (database {found['db']})")
    for url in found["brands"]:
        say(f"    {url}")
    if found["brands"]:
        say(f"    (certificates of this installation's own authority: {found['authority']})")
    for user in found["users"]:
        say(f"    {user['kind']:<22} {user['login']:<24} {user['password']}")
    sip = found["sip"]
    say(f"SIP         {sip['host']}:{sip['port']} (UDP), realm bss")
    for one in sip["accounts"]:
        say(f"    {one['extension']:<6} {one['username']:<20} {one['password']:<20} {one.get('name', '')}")
    say(f"PostgreSQL  {found['postgres']['dsn']}")
    for node in found["asterisk"]["nodes"]:
        say(f"Asterisk    {node['name']}: SIP {node['sip']}  ARI {node['ari']}  AMI {node['ami']}  RTP {node['rtp']}")
    say(f"Bridge      {found['bridge']['health']}   {found['bridge']['metrics']}")
    say(f"Versions    {', '.join(f'{name} {version}' for name, version in found['versions'].items())}")
    if not found["services"]:
        say("Services    nothing is running")
    for name, one in found["services"].items():
        say(f"    {name:<14} {one['state']:<9} pid {one['pid'] or '-'}  restarts {one['restarts']}")


def follow_logs(layout: Layout, part: str | None, lines: int = 20) -> int:
    """Print the last lines of the logs and then what is added, until Ctrl-C."""
    files = sorted(layout.log.glob(f"{part or '*'}.log"))
    if part:
        files += sorted((layout.node_dir(part.removeprefix("asterisk-")) / "log").glob("*.log"))
    if not files:
        names = sorted(file.stem for file in layout.log.glob("*.log"))
        say(f"No log '{part}'. There are: {', '.join(names)}" if part else "There are no logs yet.")
        return 1
    offsets = {file: _start_of_tail(file, lines) for file in files}
    try:
        while True:
            for file in files:
                offsets[file] = _print_from(file, offsets[file], prefix=f"{file.stem}: " if len(files) > 1 else "")
            time.sleep(0.3)
    except KeyboardInterrupt:
        return 0


def _start_of_tail(file: Any, lines: int) -> int:
    data = file.read_bytes()
    at = len(data)
    for _ in range(lines + 1):
        at = data.rfind(b"\n", 0, at)
        if at < 0:
            return 0
    return at + 1


def _print_from(file: Any, offset: int, prefix: str) -> int:
    """Print whole lines after the offset; return where to go on. A shorter file was rotated: begin again."""
    if file.stat().st_size < offset:
        offset = 0
    with file.open("rb") as source:
        source.seek(offset)
        data = source.read(1_000_000)
    whole = data[: data.rfind(b"\n") + 1]
    for line in whole.decode("utf-8", "replace").splitlines():
        say(prefix + line)
    return offset + len(whole)
