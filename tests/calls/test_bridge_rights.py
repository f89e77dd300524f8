"""What the bridge's own log-in at Asterisk may not do: a stolen one makes no calls and runs nothing."""

import pytest

from bss_cli.ami import Manager
from tests.support.asterisk import AMI_PORT, SECRET


@pytest.fixture
def manager(switch):
    manager = Manager(switch.node_ip, AMI_PORT, SECRET)
    yield manager
    manager.close()


@pytest.mark.parametrize(
    "action",
    [
        {"Action": "Originate", "Channel": "PJSIP/442079460000@trunk-1", "Context": "attempts", "Exten": "s"},
        {"Action": "Command", "Command": "core show channels"},
        {"Action": "UpdateConfig", "SrcFilename": "extensions.conf", "DstFilename": "extensions.conf"},
        {"Action": "AGI", "Channel": "x", "Command": "EXEC System id"},
    ],
    ids=lambda action: action["Action"],
)
def test_the_bridge_may_not(manager, action):
    manager.send({**action, "ActionID": "probe"})
    answer = manager.wait_for(lambda message: message.get("ActionID") == "probe", 3)
    assert answer is not None
    assert (answer["Response"], answer["Message"]) == ("Error", "Permission denied")


def test_the_bridge_may_move_an_absolute_timeout(manager):
    manager.send(
        {"Action": "Setvar", "Channel": "none", "Variable": "TIMEOUT(absolute)", "Value": "1", "ActionID": "p"}
    )
    answer = manager.wait_for(lambda message: message.get("ActionID") == "p", 3)
    assert answer is not None
    assert answer["Message"] == "No such channel"
