"""The reverse proxy: nginx of the host's Debian in the runtime folder, its configuration, where brands are found."""

import re
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Proxy:
    """One reverse proxy: its folder, where it listens, the Odoo behind it, the database that names the hosts."""

    layout: Layout
    host: Host
    folder: Path
    listen: str  # address:port
    odoo: str  # address:port
    dsn: str

    def write_conf(self) -> Path:
        """Write nginx's configuration; return its path."""
        self.host.own(self.folder)
        self.host.own(self.folder / "tmp")
        if not (self.folder / "hosts.map").exists():
            write_atomic(self.folder / "hosts.map", "", mode=0o644, owner=self.host.owner)
        values = {"folder": str(self.folder), "odoo": self.odoo, "live": self.odoo, "listen": self.listen}
        template = (self.layout.repo / "proxy" / "nginx.conf").read_text(encoding="utf-8")
        conf = self.folder / "nginx.conf"
        text = re.sub(r"@(\w+)@", lambda word: values.get(word[1], word[0]), template)
        write_atomic(conf, text, mode=0o644, owner=self.host.owner)
        return conf

    def makes_certificates(self) -> tuple[list[str], dict[str, str]]:
        """Command and environment of the program that makes certificates for the hosts."""
        environment = {
            "BSS_DSN": self.dsn,
            "PYTHONPATH": str(self.layout.repo),
            "PYTHONPYCACHEPREFIX": str(self.layout.home / "pycache"),
            "HOME": str(self.folder),
        }
        return self.host.as_service([self.layout.python, "-m", "bss_cli.certificates", self.folder]), environment

    def serves(self, conf: Path) -> list[str]:
        """Command of nginx, which reads a certificate when the first visitor asks for its host."""
        nginx = self.layout.proxy_packages / NGINX
        return self.host.as_service([nginx, "-e", "stderr", "-p", self.folder, "-c", conf])


def specs(layout: Layout, host: Host, settings: Settings) -> list[ServiceSpec]:
    """The two services of an installation."""
    password, place = settings.secrets["pg_bss_odoo"], settings.joined("postgres")
    dsn = f"postgresql://bss_odoo:{password}@{place}/{DATABASE}"
    proxy = Proxy(layout, host, folder_of(layout), settings.joined("https"), settings.joined("odoo_http"), dsn)
    conf = proxy.write_conf()
    makes, environment = proxy.makes_certificates()
    code = tree_hash(layout.repo / "bss_cli" / "certificates.py")[:16]
    return [
        ServiceSpec("certificates", makes, {**environment, "BSS_CODE": code}),
        ServiceSpec("proxy", proxy.serves(conf), {"BSS_CODE": tree_hash(conf)[:16]}, ready=[settings.joined("https")]),
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
