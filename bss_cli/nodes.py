"""What the nodes of an installation are told: placeholder values, bridge settings, the demo's far end."""

import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import asterisk_node
from .bridge_node import write_bridge_toml
from .config import Settings
from .errors import BssError
from .files import read_json
from .odoo import DATABASE
from .paths import Layout
from .privilege import Host

NODE, FAR = "a", "far"


def node_values(settings: Settings, name: str) -> dict[str, str]:
    """Placeholder -> value for the templates of a node (contract: README of asterisk/)."""
    sip_ip, sip_port = settings.at(f"sip_{name}")
    http_ip, http_port = settings.at(f"http_{name}")
    ami_ip, ami_port = settings.at(f"ami_{name}")
    pg_host, pg_port = settings.at("postgres")
    far_ip, far_port = settings.at("sip_far")
    values = {
        "NODE": name, "NODE_DIR": asterisk_node.node_path(name), "REALM": asterisk_node.REALM,
        "SIP_IP": sip_ip, "SIP_PORT": sip_port, "SIPS_PORT": settings.ports[f"sips_{name}"],
        "RTP_START": settings.rtp[name][0], "RTP_END": settings.rtp[name][1],
        "HTTP_IP": http_ip, "HTTP_PORT": http_port, "ARI_PASSWORD": settings.secrets[f"ari_{name}"],
        "AMI_IP": ami_ip, "AMI_PORT": ami_port, "AMI_SECRET": settings.secrets[f"ami_{name}"],
        "PG_HOST": pg_host, "PG_PORT": pg_port, "PG_DB": DATABASE,
        "PG_ASTERISK_PASSWORD": settings.secrets["pg_bss_asterisk"],
        "AGI_ADDRESS": settings.joined("agi_a"), "FAR_SIP_IP": far_ip, "FAR_SIP_PORT": far_port,
    }  # fmt: skip
    return {key: str(value) for key, value in values.items()}


def far_values(settings: Settings) -> dict[str, str]:
    """The same for the far end, which also has telephones that register at node a."""
    phone_ip, phone_port = settings.at("phones_far")
    node_ip, node_port = settings.at("sip_a")
    return {
        **node_values(settings, FAR),
        "PHONE_SIP_IP": phone_ip, "PHONE_SIP_PORT": str(phone_port),
        "NODE_SIP_IP": node_ip, "NODE_SIP_PORT": str(node_port),
    }  # fmt: skip


def bridge_settings(layout: Layout, settings: Settings, name: str) -> dict[str, Any]:
    """The bridge's TOML for a node."""
    agi_host, agi_port = settings.at(f"agi_{name}")
    ami_host, ami_port = settings.at(f"ami_{name}")
    metrics_host, metrics_port = settings.at(f"metrics_{name}")
    password = settings.secrets["pg_bss_bridge"]
    return {
        "node": name,
        "dsn": f"postgresql://bss_bridge:{password}@{settings.joined('postgres')}/{DATABASE}",
        "agi": {"host": agi_host, "port": agi_port},
        "ami": {"host": ami_host, "port": ami_port, "username": "bss", "secret": settings.secrets[f"ami_{name}"]},
        "ari": {
            "url": f"http://{settings.joined(f'http_{name}')}/ari", "username": "bss",
            "password": settings.secrets[f"ari_{name}"],
        },
        "journal": {"path": str(layout.node_dir(name) / "log" / "cel" / "legs.csv")},
        "metrics": {"host": metrics_host, "port": metrics_port},
    }  # fmt: skip


def prepare_bridge(layout: Layout, host: Host, settings: Settings, name: str = NODE) -> Path:
    toml = layout.bridge_toml(name)
    return write_bridge_toml(toml, bridge_settings(layout, settings, name), host.owner)


def prepare_switch(layout: Layout, host: Host, settings: Settings, name: str = NODE) -> None:
    """Folders and configuration of an Asterisk node of the product."""
    source = layout.repo / "asterisk"
    templates = asterisk_node.templates_of(source)
    sounds = source / "sounds"
    asterisk_node.prepare_node(layout, host, name, templates, node_values(settings, name), sounds=sounds)


def prepare_far(layout: Layout, host: Host, settings: Settings) -> None:
    """Folders and configuration of the far end, with the demo's telephones."""
    folder = layout.repo / "data" / "demo" / "far_end"
    templates = sorted(folder.rglob("*.conf"))
    if not templates:
        raise BssError(f"The demo's far end has no templates in {folder}.", "use `./bss up --no-demo`")
    values = far_values(settings)
    accounts = read_json(layout.demo_credentials, {}).get("sip", [])
    phones = phones_text(folder / "phones.py", accounts, values)
    asterisk_node.prepare_node(layout, host, FAR, templates, values, extra_files={"pjsip_phones.conf": phones})


def phones_text(script: Path, accounts: list[dict[str, str]], values: Mapping[str, str]) -> str:
    """The far end's telephones, written by the function `pjsip_phones` next to its templates."""
    spec = importlib.util.spec_from_file_location("far_end_phones", script)
    if spec is None or spec.loader is None or not script.exists():
        raise BssError(f"{script} is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.pjsip_phones(accounts, dict(values)))


def config_text(layout: Layout, name: str) -> str:
    """All configuration of a node as one text: a change of it means the node must start again."""
    etc = layout.node_dir(name) / "etc"
    return "\0".join(f"{file.name}\0{file.read_text(errors='replace')}" for file in sorted(etc.rglob("*.conf")))


def safe_token(text: str) -> str:
    """A text that may be part of an AMI header or channel name; raises BssError when it holds anything else."""
    if not re.fullmatch(r"[A-Za-z0-9_.+*#-]{1,64}", text):
        raise BssError(f"'{text}' is not a number or a telephone's name.", "use letters, digits and -_.+*# only")
    return text
