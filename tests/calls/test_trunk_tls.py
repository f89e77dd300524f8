"""A trunk over TLS: its calls are carried, the voice is encrypted when wanted, an impostor hears nothing."""

import socket
import ssl
import threading
import time

import pytest

from bss_cli.ami import Manager
from bss_cli.certificates import ensure_authority, ensure_host
from bss_cli.paths import Layout
from bss_cli.sip_certificates import AUTHORITY
from tests.support import staff
from tests.support.asterisk import AMI_PORT, SECRET, SIPS_PORT, free_addresses
from tests.support.until import until

PREFIX, DIALLED = "4420794671", "02079467100"


def found(switch, trunk, state):
    until(lambda: switch.odoo.read("telecom.trunk", trunk, "link_state") == state, seconds=20, reason=state)


@pytest.fixture
def new_trunk(switch):
    """Make a trunk over TLS; archived at the end."""
    made = []

    def make(host, **values):
        values = {"transport": "tls", "check_s": 2, "match_ips": "127.0.0.247", **values}
        made.append(staff.new_trunk(switch, "Sealed", host, SIPS_PORT, prefix=PREFIX, price=0.001, **values))
        return made[-1]

    yield make
    for trunk in made:
        staff.forget_trunk(switch, trunk)


def ask(manager, channel, name):
    """A variable of a channel at the far end."""
    manager.send({"Action": "Getvar", "Channel": channel, "Variable": name, "ActionID": name})
    answer = manager.wait_for(lambda message: message.get("ActionID") == name, 5)
    return answer["Value"]


def talk(switch):
    """One call over the trunk; its leg, and what the far end says of signalling and voice."""
    point, phone = switch.last_record(), switch.phone("101")
    phone.dial(DIALLED)
    phone.state("CONFIRMED")
    time.sleep(0.3)
    lines = switch.far.command("core show channels concise").splitlines()
    (channel,) = [line.split("!")[0] for line in lines if line.startswith("PJSIP/node-")]
    manager = Manager(switch.far_ip, AMI_PORT, SECRET)
    said = [ask(manager, channel, f"CHANNEL({what})") for what in ("rtp,secure,audio", "pjsip,target_uri")]
    manager.socket.close()
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    return leg, *said


@pytest.mark.parametrize(("encrypts", "secure"), [(False, "0"), (True, "1")])
def test_calls_are_carried(switch, new_trunk, encrypts, secure):
    trunk = new_trunk(switch.far_ip, encrypts_media=encrypts)
    found(switch, trunk, "reachable")
    leg, voice, target = talk(switch)
    assert (leg["trunk_id"], leg["disposition"]) == (trunk, "answered")
    assert len(switch.charges(leg["id"])) == 2
    assert (voice, "transport=tls" in target.lower()) == (secure, True)


class Impostor:
    """Somebody with a certificate, at an address where a carrier is expected; `heard` is what was said to it."""

    def __init__(self, authority, names):
        key, certificate = ensure_authority(authority)
        ensure_host(authority, "impostor", names, key, certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*(authority / "certificates" / f"impostor.{part}" for part in ("crt", "key")))
        (self.address,) = free_addresses(1)
        self.asked, self.heard = 0, b""
        self.server = socket.create_server((self.address, SIPS_PORT))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.asked += 1
            connection.settimeout(5)
            try:
                with self.context.wrap_socket(connection, server_side=True) as line:
                    self.heard += line.recv(4096)
            except OSError:
                connection.close()

    def close(self):
        self.server.close()


@pytest.mark.parametrize("is_known", [False, True])
def test_an_impostor_hears_nothing(switch, new_trunk, tmp_path, is_known):
    """Its certificate is of an authority that we don't trust, or of one that we do but for another name."""
    authority = Layout.find().home / AUTHORITY if is_known else tmp_path
    impostor = Impostor(authority, ["elsewhere.example"])
    try:
        trunk = new_trunk(impostor.address)
        found(switch, trunk, "unreachable")
        assert "certificate" in switch.odoo.read("telecom.trunk", trunk, "link_remedy")
        point, phone = switch.last_record(), switch.phone("101")
        phone.dial(DIALLED)
        phone.ended()
        switch.hang_up_all()
        (leg,) = switch.settled(point)
        assert leg["disposition"] != "answered" and not switch.charges(leg["id"])
        assert impostor.asked and not impostor.heard
    finally:
        impostor.close()
