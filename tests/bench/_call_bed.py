"""The product's switch and a plain one: nodes from the same templates on one database, SIPp on both sides of them."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from bss_cli.asterisk_node import REALM
from bss_cli.paths import Layout
from bss_cli.privilege import Host
from tests.bench._chain_rows import ChainRows
from tests.support import asterisk
from tests.support.asterisk import AGI_PORT, AMI_PORT, HTTP_PORT, METRICS_PORT, SECRET
from tests.support.bridge import Bridge
from tests.support.sipp import Sipp
from tests.support.until import until

DIALLED = "02079460000"
CALLER_PORT, CARRIER_PORT = 5062, 5060
PASSWORD = "only-for-benches"

PLAIN_DIALPLAN = """\
[general]
static = yes
writeprotect = yes
autofallthrough = yes

[from-phone]
exten => _X!,1,Dial(PJSIP/44${{EXTEN:1}}@trunk-{trunk},60)
 same => n,Hangup()
"""


class CallBed:
    """`node` with its bridge is the product; `plain` has the same modules, journal and PJSIP rows, and only dials."""

    def __init__(self, rows: ChainRows, *, with_plain: bool = True) -> None:
        self.rows = rows
        place = Host.find(Layout.find()).own(Path(os.environ["BSS_TEST_DIR"]) / f"bench{os.getpid()}")
        self._folder = place
        node_ip, plain_ip, sipp_ip = asterisk.free_addresses(3)
        self._prepare_rows(sipp_ip)
        dsn = self._asterisk_dsn()
        name = f"bench{os.getpid()}"
        self.node = asterisk.product_node(name, node_ip, dsn=dsn, agi=f"{node_ip}:{AGI_PORT}")
        self.plain = self._plain_node(f"{name}-plain", plain_ip, dsn) if with_plain else None
        self.bridge = Bridge(place, self._bridge_settings(name, node_ip))
        logins = [(endpoint, PASSWORD) for endpoint in rows.endpoints]
        self._sipp = Sipp(place, sipp_ip, logins)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def product(self, calls: int, *, at_once: int, talk_ms: int = 0, per_second: float = 2000) -> float:
        """Calls per second, from the first INVITE to the last charge."""
        begin = perf_counter()
        self.carry(calls, at_once=at_once, talk_ms=talk_ms, per_second=per_second)
        return calls / (perf_counter() - begin)

    def carry(self, calls: int, *, at_once: int, talk_ms: int, per_second: float, may_fail: int = 0) -> int:
        """Place calls and wait until they are settled; return how many were not carried, of those that may be."""
        before = self.settled()
        failed = self._call(self.node, calls, at_once, talk_ms, per_second, may_fail)
        settled = before + calls - failed
        until(lambda: self.settled() >= settled, seconds=30, reason=lambda: self.bridge.log()[-2000:])
        return failed

    def baseline(self, calls: int, *, at_once: int) -> float:
        """Calls per second of the plain node."""
        assert self.plain is not None
        begin = perf_counter()
        self._call(self.plain, calls, at_once, 0, 2000)
        return calls / (perf_counter() - begin)

    def settled(self) -> int:
        """Answered calls in the ledger."""
        return int(self.rows.db.value("select count(*) from telecom_call_record where disposition = 'answered'"))

    def bridge_pid(self) -> int:
        """Process of the bridge."""
        return _process_of(f"{self._folder}/bridge.toml", "telecom_switch_bridge")

    def asterisk_pid(self) -> int:
        """Process of the product's Asterisk."""
        return _process_of(f"/srv/bss/{self.node.name}/etc/asterisk.conf", "/usr/sbin/asterisk")

    def close(self) -> None:
        """End everything and remove it."""
        self._sipp.close()
        self.bridge.stop()
        for instance in filter(None, (self.node, self.plain)):
            instance.stop()
            shutil.rmtree(instance.folder, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _call(
        self, node: asterisk.Asterisk, calls: int, at_once: int, talk_ms: int, per_second: float, may_fail: int = 0
    ) -> int:
        return self._sipp.call(
            node.sip, DIALLED, calls=calls, per_second=per_second, at_once=at_once, talk_ms=talk_ms, port=CALLER_PORT,
            may_fail=may_fail,
        )  # fmt: skip

    def _start(self) -> None:
        self._sipp.start_carrier(CARRIER_PORT)
        for instance in filter(None, (self.node, self.plain)):
            instance.start()
        self.bridge.start()

    def _prepare_rows(self, sipp_ip: str) -> None:
        db = self.rows.db
        for endpoint in self.rows.endpoints:
            digest = hashlib.md5(f"{endpoint}:{REALM}:{PASSWORD}".encode()).hexdigest()  # noqa: S324  SIP's own
            db.all("update telecom_phone set sip_digest = %s where sip_username = %s", digest, endpoint)
        db.all("update telecom_trunk set host = %s, port = %s", sipp_ip, CARRIER_PORT)

    def _plain_node(self, name: str, address: str, dsn: dict[str, str]) -> asterisk.Asterisk:
        values = {
            "PG_HOST": dsn["host"], "PG_PORT": dsn["port"], "PG_DB": dsn["database"],
            "PG_ASTERISK_PASSWORD": dsn["password"], "AGI_ADDRESS": "127.0.0.1:9",
        }  # fmt: skip
        dialplan = PLAIN_DIALPLAN.format(trunk=self.rows.demo.atlantic_trunk)
        return asterisk.Asterisk(
            name, address, asterisk.REPO / "asterisk", rtp=(30000, 30998), values=values,
            extra={"extensions.conf": dialplan},
        )  # fmt: skip

    def _asterisk_dsn(self) -> dict[str, str]:
        place = psycopg.conninfo.conninfo_to_dict(self.rows.db.dsn)
        roles = json.loads(Path(os.environ["BSS_TEST_ROLES"]).read_text(encoding="utf-8"))
        return {
            "host": str(place["host"]), "port": str(place["port"]), "database": self.rows.db.name,
            "password": roles["bss_asterisk"],
        }  # fmt: skip

    def _bridge_settings(self, name: str, ip: str) -> dict[str, Any]:
        return {
            "node": name,
            "dsn": self.rows.db.bridge_dsn(),
            "agi": {"host": ip, "port": AGI_PORT},
            "ami": {"host": ip, "port": AMI_PORT, "username": "bss", "secret": SECRET},
            "ari": {"url": f"http://{ip}:{HTTP_PORT}/ari", "username": "bss", "password": SECRET},
            "journal": {"path": str(self.node.journal)},
            "metrics": {"host": ip, "port": METRICS_PORT},
        }


def _process_of(file: str, program: str) -> int:
    """The process that runs a program with a file of ours; those that only start it (setpriv, chroot) name it later."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        if file in words and program in words[: 1 if program.startswith("/") else 3]:
            found.append(int(place.parent.name))
    assert len(found) == 1, f"{program} with {file}: processes {found}"
    return found[0]
