"""What services ask of Asterisk (port `Switch`), by the manager interface."""

from collections.abc import Mapping, Sequence

from ..dialplan_names import VAR_NOTE
from ..errors import SwitchAbsent
from ..ports import NORMAL_CLEARING, Living
from .client import AmiClient

DOWN, GONE = "Down", "gone"
"""States of a dialled channel: Asterisk's word while nothing rings, and ours when there is none any more."""


class AmiSwitch:
    """Port `Switch`."""

    def __init__(self, client: AmiClient) -> None:
        self._client = client

    async def set_absolute_timeout(self, channel: str, seconds: float) -> bool:
        """Let a channel end in so many seconds from now; False when there is no such channel."""
        answer = await self._client.action(
            "Setvar", Channel=channel, Variable="TIMEOUT(absolute)", Value=f"{seconds:.2f}"
        )
        if answer.get("Response") == "Success":
            return True
        if "No such channel" in answer.get("Message", ""):
            return False
        raise SwitchAbsent(f"Setvar: {answer.get('Message')}")

    async def live_channels(self) -> Mapping[str, str]:
        """Channel names by uniqueid."""
        events = await self._client.listing("CoreShowChannels")
        return {event["Uniqueid"]: event.get("Channel", "") for event in events if "Uniqueid" in event}

    async def living(self) -> Sequence[Living]:
        """Every living channel."""
        events = await self._client.listing("CoreShowChannels")
        return [
            Living(
                event["Uniqueid"],
                event.get("Channel", ""),
                event.get("Linkedid") or event["Uniqueid"],
                event.get("ChannelStateDesc") == "Up",
            )
            for event in events
            if "Uniqueid" in event
        ]

    async def userfield(self, channel: str) -> str:
        """`CHANNEL(userfield)`; empty when there is none or the channel is gone."""
        answer = await self._client.action("Getvar", Channel=channel, Variable="CHANNEL(userfield)")
        return answer.get("Value", "")

    async def hang_up(self, channel: str, cause: int = NORMAL_CLEARING) -> None:
        """End a channel with a cause (Q.850); one that is gone is no error."""
        answer = await self._client.action("Hangup", Channel=channel, Cause=str(cause))
        if answer.get("Response") != "Success" and "No such channel" not in answer.get("Message", ""):
            raise SwitchAbsent(f"Hangup: {answer.get('Message')}")

    async def has_answered_back(self, channel: str) -> bool:
        """True when any response to its INVITE has come (100 is enough), or the channel is gone.

        Asterisk keeps the last response as text of the channel, such as `SIP 100 Trying`, until the channel is
        transferred; its state stays, and is not Down any more once the other side rings.
        """
        return bool(
            await self._value_of(channel, f"HANGUPCAUSE({channel},tech)")
            or await self._value_of(channel, "CHANNEL(state)") != DOWN
        )

    async def _value_of(self, channel: str, variable: str) -> str:
        """Value of a channel's variable or function; GONE when there is no such channel."""
        answer = await self._client.action("Getvar", Channel=channel, Variable=variable)
        if answer.get("Response") == "Success":
            return answer.get("Value", "")
        if "No such channel" in answer.get("Message", ""):
            return GONE
        raise SwitchAbsent(f"Getvar: {answer.get('Message')}")

    async def note(self, channel: str, text: str) -> None:
        """Leave a text of ours on a channel; one that is gone needs none."""
        answer = await self._client.action("Setvar", Channel=channel, Variable=VAR_NOTE, Value=text)
        if answer.get("Response") != "Success" and "No such channel" not in answer.get("Message", ""):
            raise SwitchAbsent(f"Setvar: {answer.get('Message')}")

    async def noted(self, channel: str) -> str:
        """Text that was left on a channel; empty when there is none, or no such channel."""
        answer = await self._client.action("Getvar", Channel=channel, Variable=VAR_NOTE)
        return answer.get("Value", "")

    async def ping(self) -> None:
        """Raise SwitchAbsent when Asterisk does not answer."""
        await self._client.action("Ping")
