"""A whole switch for call stories: database clone with the demo in it, bridge, node, far end, telephones."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bss_cli.ami import Manager
from tests.support import asterisk, journal
from tests.support.asterisk import AGI_PORT, AMI_PORT, HTTP_PORT, METRICS_PORT, SECRET, SIP_PORT
from tests.support.books import Books
from tests.support.bridge import Bridge
from tests.support.odoo import Odoo
from tests.support.phone import Phone
from tests.support.until import until

REPO = Path(__file__).resolve().parents[2]
DEMO = REPO / "data" / "demo" / "load_demo.py"
# Short slices, so that a story sees an extension within seconds (product: 120 and 20).
GRANTS = {"default_s": 6, "extend_below_s": 3}
# A story may lay the journal on a volume of 4 MB.
JOURNAL_ROOM = {"low_free_mb": 3, "stop_free_mb": 1}
SETTLE_SECONDS = 10.0
CARRIERS = ("atlantic/", "pacific/", "baltic/")
LINE = {"username": "baltic", "password": "amber-2026", "codecs": "alaw,ulaw"}
"""A line at the far end that has to register and is challenged for each call."""


@dataclass
class Sip:
    """A telephone's log-in."""

    username: str
    password: str


class Switch:
    """Everything that one `./bss up` starts, on addresses of the tests' own.

    `server`: superuser's DSN of another cluster than the run's; `bridge_way`: where the bridge finds PostgreSQL, if not
    there.
    """

    grants = GRANTS

    def __init__(self, folder: Path, *, server: str = "", bridge_way: tuple[str, int] | None = None) -> None:
        self.folder = self.recordings = folder
        self.name = folder.name
        self.node_ip, self.far_ip, self.phone_ip, self.second_ip = asterisk.free_addresses(4)
        self.phones: list[Phone] = []
        self.books: Books  # of the story that runs
        self._server, self._bridge_way = server or os.environ["BSS_TEST_DSN"], bridge_way
        self._has_own_server = bool(server)
        self._roles: dict[str, str] = json.loads(Path(os.environ["BSS_TEST_ROLES"]).read_text())
        self.database = f"bss_calls_{self.name}"
        self._clone_database()
        self.odoo = self._start_odoo()
        self.far = asterisk.far_end(f"{self.name}-far", self.far_ip, self._far_phones())
        self.node = asterisk.product_node(self.name, self.node_ip, dsn=self.dsn(), agi=f"{self.node_ip}:{AGI_PORT}")
        self.bridge = Bridge(folder, self.bridge_settings(self.name, self.node_ip, self.node.journal))

    def start(self) -> None:
        """Start bridge, node and far end; a bridge that waits for its node is healthy only after both run."""
        self.far.start()
        self.node.start()
        self.bridge.start()

    def close(self, *, keep: bool = False) -> None:
        """Stop everything and remove it; `keep` leaves folders with logs and journals."""
        self.hang_up_all()
        self.bridge.stop()
        for instance in (self.node, self.far):
            instance.stop()
            if not keep:
                shutil.rmtree(instance.folder, ignore_errors=True)
        self.odoo.close()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.db.close()
        if self._has_own_server:
            return
        with self.server() as server:
            server.execute(f'drop database if exists "{self.database}" with (force)')

    def server(self) -> psycopg.Connection[Any]:
        """A connection beside the database, for what cannot be done from within."""
        return psycopg.connect(self._server, autocommit=True)

    # Telephones

    def sip(self, extension: str) -> Sip:
        """The log-in of a demo telephone."""
        account = next(one for one in self._credentials["sip"] if one["extension"] == extension)
        return Sip(account["username"], account["password"])

    def phone(self, extension: str | Sip, *, expect: int | None = 200, **options: Any) -> Phone:
        """A registered telephone: a demo one by its extension, or any log-in. `expect` None leaves the answer open."""
        sip = self.sip(extension) if isinstance(extension, str) else extension
        phone = Phone(
            self.folder,
            user=sip.username,
            password=sip.password,
            address=self.phone_ip,
            **{"server": self.node.sip, **options},
        )
        self.phones.append(phone)
        if expect is not None:
            assert phone.registered() == expect
        return phone

    def hang_up_all(self) -> None:
        """End every telephone and wait until no channel is left."""
        for phone in self.phones:
            phone.close()
        self.phones.clear()

    def refuses(self, phone: Phone, number: str, said: str, *, seconds: float = 15) -> int:
        """Dial, and be given up without an answer, for what the node's log says then; return the SIP status."""
        before = len(self.node.log())
        phone.forget()
        phone.dial(number)
        code = int(phone.ended(seconds=seconds)["code"])
        assert not phone.was_answered()
        assert f"action=call_refused {said}" in self.node.log()[before:]
        return code

    # Money

    def wallet(self, account: int) -> tuple[int, int]:
        """(balance, reserved) of an account, in micro units."""
        row = self.one("select balance_micro, reserved_micro from telecom_wallet where account_id = %s", account)
        return row["balance_micro"], row["reserved_micro"]

    def account(self, key: str) -> int:
        """The billing account with this key of the demo: northwind, acme, harbour, lighthouse, empty."""
        return self.ref(key)

    def ref(self, key: str) -> int:
        """The id of a record of the demo."""
        query = "select res_id from ir_model_data where module = '__demo_telecom__' and name = %s"
        return int(self.one(query, key)["res_id"])

    def last_record(self) -> int:
        """The newest call record's id; give it to `settled` as the point before a call."""
        return int(self.one("select coalesce(max(id), 0) as last from telecom_call_record")["last"])

    def settled(self, after: int, legs: int = 1) -> list[dict[str, Any]]:
        """Wait until `legs` legs are recorded after a point and nothing is reserved any more; return them.

        Read in this order: legs that are settled between the two looks would be missed the other way round.
        """

        def done() -> list[dict[str, Any]]:
            if self.reservations():
                return []
            rows = self.all("select * from telecom_call_record where id > %s order by started_at, attempt, id", after)
            return rows if len(rows) >= legs else []

        return until(
            done, seconds=SETTLE_SECONDS, reason=lambda: f"{legs} settled legs; bridge: {self.bridge.log()[-1500:]}"
        )

    def charges(self, record: int) -> list[dict[str, Any]]:
        """The charges of a leg, the customer's first, those of one account as they were made."""
        return self.all("select * from telecom_call_charge where record_id = %s order by level, id", record)

    def reservations(self) -> list[dict[str, Any]]:
        return self.all("select call_ref, amounts_micro, granted_s from telecom_reservation")

    def one(self, query: str, *values: Any) -> dict[str, Any]:
        rows = self.all(query, *values)
        assert len(rows) == 1, (query, values, rows)
        return rows[0]

    def all(self, query: str, *values: Any) -> list[dict[str, Any]]:
        try:
            return self.db.execute(query, values or None).fetchall()
        except psycopg.OperationalError:
            if not self.db.closed:
                raise
        self.db = self.connect()  # the server was restarted by a story
        return self.db.execute(query, values or None).fetchall()

    @contextmanager
    def noticed(self) -> Iterator[None]:
        """Do something in Odoo and wait until the bridge has read it (and has no more to read)."""
        before = self.reloads()
        yield
        until(lambda: self.reloads() > before, seconds=8, reason="the bridge to read the change")
        last = -1
        while last != self.reloads():
            last = self.reloads()
            time.sleep(0.3)

    def reloads(self) -> int:
        """How often the bridge has read what changed."""
        return self.bridge.log().count("action=catalogue_loaded")

    # The far end's own word

    def carrier_legs(self) -> list[journal.Leg]:
        """Legs that reached the public network, by the far end's own journal."""
        return [leg for leg in journal.legs(self.far.journal) if leg.userfield.startswith(CARRIERS)]

    def call_in(self, number: str, *, seconds: int = 3, cli: str = "442071234567", channel: str = "") -> None:
        """Let the public network call a number of ours; when answered it plays 440 Hz for so many seconds.

        `channel`: what the far end dials; '' is the number at the node's address.
        """
        manager = Manager(self.far_ip, AMI_PORT, SECRET)
        manager.send(
            {
                "Action": "Originate", "ActionID": "in", "Async": "true", "Channel": channel or f"PJSIP/{number}@node",
                "Context": "demo-talk", "Exten": str(seconds), "Priority": "1", "CallerID": cli, "Timeout": "20000",
            }
        )  # fmt: skip
        queued = manager.wait_for(lambda message: message.get("ActionID") == "in", 5)
        manager.close()
        assert queued is not None
        assert queued["Response"] == "Success", queued

    # Making it

    def _clone_database(self) -> None:
        with self.server() as server:
            server.execute(f'drop database if exists "{self.database}" with (force)')
            template = os.environ["BSS_TEST_TEMPLATE"]
            server.execute(f'create database "{self.database}" owner bss_odoo template "{template}"')
            # a copied sequence counts on what its original had logged: a server that is killed before the next
            # checkpoint would give ids twice
            server.execute("checkpoint")
        self.db = self.connect()

    def connect(self) -> psycopg.Connection[dict[str, Any]]:
        """A superuser's connection to the switch's database."""
        return psycopg.connect(self._server, dbname=self.database, autocommit=True, row_factory=dict_row)

    def _start_odoo(self) -> Odoo:
        """Load the demo by its own loader, as `./bss up` does."""
        credentials = self.folder / "credentials.json"
        environment = {"BSS_DEMO_CREDENTIALS": str(credentials), "BSS_FAR_SIP": f"{self.far_ip}:{SIP_PORT}"}
        odoo = Odoo(self.database, self.folder, environment, db_port=int(self.dsn()["port"]))
        odoo.run(DEMO)
        self._credentials = json.loads(credentials.read_text())
        return odoo

    def dsn(self) -> dict[str, str]:
        """Where a node finds the database."""
        place = psycopg.conninfo.conninfo_to_dict(self._server)
        return {
            "host": str(place["host"]), "port": str(place["port"]), "database": self.database,
            "password": self._roles["bss_asterisk"],
        }  # fmt: skip

    def _far_phones(self) -> str:
        scope: dict[str, Any] = {}
        exec((DEMO.parent / "far_end" / "phones.py").read_text(), scope)  # noqa: S102 our own file, outside of packages
        place = {"NODE_SIP_IP": self.node_ip, "NODE_SIP_PORT": str(SIP_PORT)}
        phones = scope["pjsip_phones"]([], place, [LINE])
        return f"{phones}\n[second]\ntype = identify\nendpoint = node\nmatch = {self.second_ip}\n"

    def bridge_settings(self, name: str, ip: str, journal: Path) -> dict[str, Any]:
        """Settings of the bridge of a node of that name and address."""
        host, port = self._bridge_way or (self.dsn()["host"], self.dsn()["port"])
        return {
            "node": name,
            "dsn": f"postgresql://bss_bridge:{self._roles['bss_bridge']}@{host}:{port}/{self.database}",
            "agi": {"host": ip, "port": AGI_PORT},
            "ami": {"host": ip, "port": AMI_PORT, "username": "bss", "secret": SECRET},
            "ari": {"url": f"http://{ip}:{HTTP_PORT}/ari", "username": "bss", "password": SECRET},
            "journal": {"path": str(journal), **JOURNAL_ROOM},
            "metrics": {"host": ip, "port": METRICS_PORT},
            "grants": GRANTS,
        }
