"""Carries out what people ask of this node on pages: a command is a row, and its outcome is written into it.

Doing one twice does no harm: channels are found by their unique ids among the living ones, so a bridge that died
between the act and its outcome finds the call gone, and a channel name that was given again is never hit.
"""

from ..observe.log import Log
from ..ports import Command, Commands, Switch

PATIENCE_S = 60.0
"""A command that waited longer is not carried out any more: who asked has seen that nothing happened."""


class ObeyCommands:
    """One round takes all open commands of this node."""

    def __init__(self, commands: Commands, *, switch: Switch, log: Log) -> None:
        self._commands = commands
        self._switch = switch
        self._log = log

    async def run_once(self) -> None:
        """Raises SwitchAbsent or DatabaseAbsent: what is open then waits for the next round."""
        waiting = await self._commands.open_commands()
        late = [command for command in waiting if command.waited_s > PATIENCE_S]
        for command in late:
            await self._finish(command, "expired")
        in_time = [command for command in waiting if command not in late]
        if not in_time:
            return
        living = await self._switch.live_channels()
        for command in in_time:
            names = [living[uniqueid] for uniqueid in command.channels if uniqueid in living]
            for name in names:
                await self._switch.hang_up(name)
            await self._finish(command, "done" if names else "gone")

    async def _finish(self, command: Command, outcome: str) -> None:
        await self._commands.finish(command.command_id, outcome)
        self._log.info("command_finished", call_ref=command.call_ref, command=command.command_id, outcome=outcome)
