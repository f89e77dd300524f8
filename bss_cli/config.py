"""Choices that are remembered (`config.json`: addresses and ports) and generated passwords (`secrets.json`)."""

import secrets
from dataclasses import dataclass
from typing import Any

from . import ports, rtp_ranges
from .console import say
from .files import read_json, write_json
from .paths import Layout
from .rtp_ranges import Range

FORMAT = 1


@dataclass(frozen=True)
class PortRule:
    """Where a service would like to listen."""

    address: str
    port: int
    kind: str  # tcp, udp, both
    service: str  # which of our services holds it while it runs


# The far end has addresses of its own, so that identifying a trunk by address never catches a telephone.
PORT_RULES: dict[str, PortRule] = {
    "postgres": PortRule("127.0.0.1", 5442, "tcp", "postgres"),
    "odoo_http": PortRule("127.0.0.1", 8069, "tcp", "odoo"),
    "odoo_gevent": PortRule("127.0.0.1", 8072, "tcp", "odoo"),
    "https": PortRule("127.0.0.1", 8443, "tcp", "proxy"),
    "agi_a": PortRule("127.0.0.1", 4573, "tcp", "bridge-a"),
    "metrics_a": PortRule("127.0.0.1", 9173, "tcp", "bridge-a"),
    "sip_a": PortRule("127.0.0.1", 5060, "both", "asterisk-a"),
    "sips_a": PortRule("127.0.0.1", 5061, "tcp", "asterisk-a"),
    "ami_a": PortRule("127.0.0.1", 5038, "tcp", "asterisk-a"),
    "http_a": PortRule("127.0.0.1", 8088, "tcp", "asterisk-a"),
    "sip_far": PortRule("127.0.0.2", 5060, "both", "asterisk-far"),
    "sips_far": PortRule("127.0.0.2", 5061, "tcp", "asterisk-far"),
    "phones_far": PortRule("127.0.0.3", 5060, "both", "asterisk-far"),
    "ami_far": PortRule("127.0.0.2", 5038, "tcp", "asterisk-far"),
    "http_far": PortRule("127.0.0.2", 8088, "tcp", "asterisk-far"),
}
RTP_WANTED: dict[str, Range] = {"a": (10000, 10998), "far": (12000, 12998)}
SECRET_NAMES = ("pg_postgres", "pg_bss_odoo", "pg_bss_bridge", "pg_bss_asterisk", "ami_a", "ari_a", "ami_far",
                "ari_far", "odoo_master")  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The remembered choices, as the other modules use them."""

    ports: dict[str, int]
    secrets: dict[str, str]
    rtp: dict[str, Range]

    def at(self, name: str) -> tuple[str, int]:
        """(address, port) of a listening place of ours."""
        return PORT_RULES[name].address, self.ports[name]

    def joined(self, name: str) -> str:
        address, port = self.at(name)
        return f"{address}:{port}"


def load(layout: Layout) -> Settings | None:
    """The remembered settings; None before the first `up`."""
    stored = read_json(layout.config)
    if stored is None or not layout.secrets.exists():
        return None
    return Settings(stored["ports"], read_json(layout.secrets, {}), _stored_ranges(stored))


def settle(layout: Layout, running: set[str]) -> Settings:
    """Load or choose ports and passwords; a remembered port taken by a stranger is replaced, and that is said.

    `running` names our own services that are up: their ports are ours although they are not free.
    """
    stored: dict[str, Any] = read_json(layout.config, {"format": FORMAT, "ports": {}})
    chosen: dict[str, int] = dict(stored["ports"])
    for name, rule in PORT_RULES.items():
        chosen[name] = _settle_port(name, rule, chosen, running)
    ranges = _settle_ranges(_stored_ranges(stored), running)
    settled = {**stored, "ports": chosen, "rtp": {name: list(one) for name, one in ranges.items()}}
    if settled != stored:
        write_json(layout.config, settled)
    return Settings(chosen, _settle_secrets(layout), ranges)


def _stored_ranges(stored: dict[str, Any]) -> dict[str, Range]:
    known: dict[str, list[int]] = stored.get("rtp", {})
    return {name: (known[name][0], known[name][1]) if name in known else one for name, one in RTP_WANTED.items()}


def _settle_ranges(remembered: dict[str, Range], running: set[str]) -> dict[str, Range]:
    """Voice ports of each node; those of a node that runs are ours."""
    chosen = dict(remembered)
    for name, old in remembered.items():
        if f"asterisk-{name}" in running:
            continue
        others = [one for other, one in chosen.items() if other != name]
        chosen[name] = rtp_ranges.choose_range(old, [*others, *rtp_ranges.taken_ranges()])
        if chosen[name] != old:
            say(f"  voice ports {old[0]}-{old[1]} ({name}) are taken: using {chosen[name][0]}-{chosen[name][1]}")
    return chosen


def _settle_port(name: str, rule: PortRule, chosen: dict[str, int], running: set[str]) -> int:
    remembered = chosen.get(name)
    if remembered is not None and (rule.service in running or ports.is_free(rule.address, remembered, rule.kind)):
        return remembered
    used = [port for other, port in chosen.items() if other != name and PORT_RULES[other].address == rule.address]
    port = ports.choose_port(rule.address, remembered or rule.port, rule.kind, used=used)
    if port != (remembered or rule.port):
        holder = ports.holder_of(rule.address, remembered or rule.port, rule.kind)
        say(f"  port {remembered or rule.port} ({name}) is taken by {holder}: using {port} from now on")
    return port


def _settle_secrets(layout: Layout) -> dict[str, str]:
    known: dict[str, str] = read_json(layout.secrets, {})
    missing = [name for name in SECRET_NAMES if name not in known]
    if missing:
        known.update({name: secrets.token_urlsafe(18).replace("-", "x").replace("_", "y") for name in missing})
        write_json(layout.secrets, known, mode=0o600)
    return known
