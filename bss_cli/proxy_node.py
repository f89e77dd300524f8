"""The reverse proxy: nginx of the host's Debian in the runtime folder, its configuration, where brands are found."""

import re
from pathlib import Path

from .config import Settings
from .files import tree_hash, write_atomic
from .odoo import DATABASE
from .paths import Layout
from .privilege import Host
from .services import ServiceSpec

NGINX = Path("usr/sbin/nginx")
PORT_PARAMETER = "telecom_brand.https_port"  # where the addon finds on which port visitors come


def folder_of(layout: Layout) -> Path:
    return layout.home / "proxy"


def write_conf(layout: Layout, host: Host, settings: Settings) -> Path:
    """Write nginx's configuration; return its path."""
    folder = host.own(folder_of(layout))
    host.own(folder / "tmp")
    if not (folder / "hosts.map").exists():
        write_atomic(folder / "hosts.map", "", mode=0o644, owner=host.owner)
    odoo = settings.joined("odoo_http")
    values = {"folder": str(folder), "odoo": odoo, "live": odoo, "listen": settings.joined("https")}
    template = (layout.repo / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"@(\w+)@", lambda word: values[word[1]], template)
    conf = folder / "nginx.conf"
    write_atomic(conf, text, mode=0o644, owner=host.owner)
    return conf


def specs(layout: Layout, host: Host, settings: Settings) -> list[ServiceSpec]:
    """The two services: who makes certificates, and nginx, which reads one when the first visitor asks for its host."""
    conf, folder = write_conf(layout, host, settings), folder_of(layout)
    password, place = settings.secrets["pg_bss_odoo"], settings.joined("postgres")
    environment = {
        "BSS_CODE": tree_hash(layout.repo / "bss_cli" / "certificates.py")[:16],
        "BSS_DSN": f"postgresql://bss_odoo:{password}@{place}/{DATABASE}",
        "PYTHONPATH": str(layout.repo),
        "PYTHONPYCACHEPREFIX": str(layout.home / "pycache"),
        "HOME": str(folder),
    }
    makes = host.as_service([layout.python, "-m", "bss_cli.certificates", folder])
    serves = host.as_service([layout.proxy_packages / NGINX, "-e", "stderr", "-p", folder, "-c", conf])
    return [
        ServiceSpec("certificates", makes, environment),
        ServiceSpec("proxy", serves, {"BSS_CODE": tree_hash(conf)[:16]}, ready=[settings.joined("https")]),
    ]


def port_sql(port: int) -> str:
    """Write down for the addon on which port visitors come; Odoo reads it when it starts."""
    return (
        "insert into ir_config_parameter (key, value, create_uid, create_date, write_uid, write_date)"  # noqa: S608
        f" values ('{PORT_PARAMETER}', '{int(port)}', 1, now(), 1, now())"
        " on conflict (key) do update set value = excluded.value"
    )


def urls(layout: Layout, settings: Settings) -> list[str]:
    """Addresses of the brands through the proxy; of none before it ran for the first time."""
    known = folder_of(layout) / "hosts.map"
    hosts = [line.split()[0] for line in known.read_text(encoding="ascii").splitlines()] if known.exists() else []
    port = settings.ports["https"]
    return [f"https://{name}" + ("" if port == 443 else f":{port}") for name in hosts]
