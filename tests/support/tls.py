"""The product's reverse proxy in front of a test's Odoo: nginx, its configuration and the maker of certificates."""

import json
import os
import ssl
import subprocess
import urllib.error
import urllib.request
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

from bss_cli import ports, proxy_node
from bss_cli.paths import Layout
from bss_cli.privilege import Host

from .switch import Switch
from .until import until
from .web import WebOdoo

HTTPS_FROM = 18443


def choose_port(switch: Switch) -> int:
    """Choose where the proxy will listen, and let Odoo know before it starts: links in its e-mails lead there."""
    port = ports.choose_port("127.0.0.1", HTTPS_FROM)
    with switch.connect() as connection:
        connection.execute(proxy_node.port_sql(port))
    return port


class TlsProxy:
    """`url("north.test")` is where a browser finds that host."""

    def __init__(self, switch: Switch, web: WebOdoo, port: int) -> None:
        layout, place = Layout.find(), switch.dsn()
        self.port = port
        self.folder = switch.folder / "proxy"
        password = json.loads(Path(os.environ["BSS_TEST_ROLES"]).read_text(encoding="utf-8"))["bss_odoo"]
        dsn = f"postgresql://bss_odoo:{password}@{place['host']}:{place['port']}/{switch.database}"
        odoo = web.url.removeprefix("http://")
        self._proxy = proxy_node.Proxy(layout, Host.find(layout), self.folder, f"127.0.0.1:{self.port}", odoo, dsn)
        self._switch, self._processes = switch, list[subprocess.Popen[bytes]]()

    def url(self, host: str) -> str:
        return f"https://{host}:{self.port}"

    def start(self) -> None:
        """Start both programs; return when a neutral host answers over TLS."""
        conf = self._proxy.write_conf()
        makes, environment = self._proxy.makes_certificates()
        self._run(makes, environment)
        self._run(self._proxy.serves(conf), {})
        until(
            lambda: self.has_certificate("localhost"),
            seconds=20,
            reason=lambda: f"the proxy to answer: {self._log().read_text()[-2000:]}",
        )

    def has_certificate(self, host: str) -> bool:
        """Whether a client that trusts the authority takes what the proxy shows for a host."""
        try:
            return self.get(host, "/web/health")[0] == 200
        except OSError:
            return False

    def get(self, host: str, path: str = "/web/login", **headers: str) -> tuple[int, HTTPMessage, str]:
        """Ask as a client that trusts this installation's authority only; status, headers, text."""
        context = ssl.create_default_context(cafile=str(self.folder / "authority.crt"))
        opener = urllib.request.build_opener(_Local(context), _Stay)
        request = urllib.request.Request(self.url(host) + path, headers=headers)  # noqa: S310 our own address
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            process.wait(timeout=10)

    def _log(self) -> Path:
        return self._switch.folder / "proxy.log"

    def _run(self, argv: list[str], environment: dict[str, str]) -> None:
        with self._log().open("ab") as log:
            self._processes.append(
                subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd="/",
                                 env={**os.environ, **environment})
            )  # fmt: skip


class _Local(urllib.request.HTTPSHandler):
    """Connects to the loopback whatever the host; name and certificate stay those of the host."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._tls = context

    def https_open(self, request: urllib.request.Request) -> Any:
        def connection(host: str, **options: Any) -> Any:
            import http.client

            made = http.client.HTTPSConnection(host, context=self._tls, **options)
            create = made._create_connection  # type: ignore[attr-defined]
            made._create_connection = lambda address, *rest: create(("127.0.0.1", address[1]), *rest)  # type: ignore[attr-defined]
            return made

        return self.do_open(connection, request)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None
