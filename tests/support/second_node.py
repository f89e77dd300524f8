"""A second node of a whole switch: an Asterisk and a bridge of its own on the same database, same carriers."""

import shutil

from tests.support import asterisk
from tests.support.asterisk import AGI_PORT, Asterisk
from tests.support.bridge import Bridge
from tests.support.phone import Phone
from tests.support.switch import Switch


class SecondNode:
    """Started at once; its telephones are the switch's, registered here."""

    def __init__(self, switch: Switch) -> None:
        self._switch, self.name, ip = switch, f"{switch.name}-2", switch.second_ip
        self.node: Asterisk = asterisk.product_node(self.name, ip, dsn=switch.dsn(), agi=f"{ip}:{AGI_PORT}")
        folder = self.node.host.own(switch.folder / "second")
        self.bridge = Bridge(folder, switch.bridge_settings(self.name, ip, self.node.journal))
        self.node.start()
        self.bridge.start()

    def phone(self, extension: str) -> Phone:
        """A demo telephone that registers here."""
        return self._switch.phone(extension, server=self.node.sip)

    def close(self) -> None:
        """Stop both and remove them."""
        self.bridge.stop()
        self.node.stop()
        shutil.rmtree(self.node.folder, ignore_errors=True)
