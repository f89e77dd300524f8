"""A person's command is carried out once, on living channels only, and its outcome is written."""

import pytest

from telecom_switch_bridge.errors import DatabaseAbsent, SwitchAbsent
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import Command
from telecom_switch_bridge.services.obey_commands import ObeyCommands

from .fakes import FakeSwitch

CALLER, LEG = "a-1763935936.10", "a-1763935936.11"


class FakeCommands:
    """Rows in memory; `away` refuses to write."""

    def __init__(self, *commands: Command) -> None:
        self.open = {command.command_id: command for command in commands}
        self.outcomes: dict[int, str] = {}
        self.away = False

    async def open_commands(self):
        return list(self.open.values())

    async def finish(self, command_id, outcome):
        if self.away:
            raise DatabaseAbsent("away")
        self.outcomes[command_id] = outcome
        del self.open[command_id]


def command(number=1, *, age_s=1, channels=(CALLER, LEG)):
    return Command(number, f"{CALLER}-1", age_s, channels)


async def obey(commands, switch):
    await ObeyCommands(commands, switch=switch, log=Log("test")).run_once()


async def test_all_living_channels_of_the_call_are_ended_and_no_other():
    switch = FakeSwitch({CALLER: "PJSIP/a1-101-0000001", LEG: "PJSIP/trunk-1-0000002", "a-1.1": "PJSIP/other-0000003"})
    commands = FakeCommands(command())
    await obey(commands, switch)
    assert switch.hung_up == ["PJSIP/a1-101-0000001", "PJSIP/trunk-1-0000002"]
    assert commands.outcomes == {1: "done"}


async def test_a_leg_whose_caller_was_transferred_away_is_ended_too():
    switch = FakeSwitch({LEG: "PJSIP/trunk-1-0000002"})
    commands = FakeCommands(command())
    await obey(commands, switch)
    assert (switch.hung_up, commands.outcomes) == (["PJSIP/trunk-1-0000002"], {1: "done"})


@pytest.mark.parametrize("channels", [(CALLER, LEG), ()])
async def test_a_call_that_is_over_is_gone(channels):
    switch, commands = FakeSwitch({"a-1.1": "PJSIP/other-0000003"}), FakeCommands(command(channels=channels))
    await obey(commands, switch)
    assert (switch.hung_up, commands.outcomes) == ([], {1: "gone"})


async def test_a_bridge_that_died_before_the_outcome_does_no_harm():
    switch, commands = FakeSwitch({CALLER: "PJSIP/a1-101-0000001"}), FakeCommands(command())
    commands.away = True
    with pytest.raises(DatabaseAbsent):
        await obey(commands, switch)
    commands.away = False
    await obey(commands, switch)
    assert (switch.hung_up, commands.outcomes) == (["PJSIP/a1-101-0000001"], {1: "gone"})


async def test_while_asterisk_is_away_the_command_waits():
    switch, commands = FakeSwitch({CALLER: "PJSIP/a1-101-0000001"}, away=True), FakeCommands(command())
    with pytest.raises(SwitchAbsent):
        await obey(commands, switch)
    assert commands.outcomes == {}
    switch.away = False
    await obey(commands, switch)
    assert commands.outcomes == {1: "done"}


async def test_a_command_that_waited_too_long_ends_no_call():
    switch = FakeSwitch({CALLER: "PJSIP/a1-101-0000001"})
    commands = FakeCommands(command(1, age_s=61), command(2, age_s=59, channels=()))
    await obey(commands, switch)
    assert (switch.hung_up, commands.outcomes) == ([], {1: "expired", 2: "gone"})
