"""What Asterisk knows of trunks (port `TrunkProbe`). Passwords that it tells besides are read by nobody."""

from collections.abc import Mapping

from ..errors import SwitchAbsent
from .client import AmiClient

REGISTERED = {"Registered": True, "Rejected": False}
"""Status of a registration; one that was not answered is `Rejected` too."""

REACHABLE = {"Reachable": True, "Unreachable": False}
"""Status of a contact that Asterisk asks (OPTIONS)."""


CHECKED = "-check"
"""Ends the name of the contact that Asterisk asks; the one that it calls is not asked (asterisk.ps_aors)."""


class AmiTrunks:
    """Port `TrunkProbe`."""

    def __init__(self, client: AmiClient) -> None:
        self._client = client

    async def registrations(self) -> Mapping[str, bool | None]:
        """By endpoint: True registered, False refused or not answered, None not known yet."""
        events = await self._client.listing("PJSIPShowRegistrationsOutbound")
        own = [event for event in events if event.get("Event") == "OutboundRegistrationDetail"]
        return {event.get("ObjectName", ""): REGISTERED.get(event.get("Status", "")) for event in own}

    async def is_reachable(self, endpoint: str) -> bool | None:
        """Whether the carrier answers; None when it was not asked yet, or Asterisk does not know the trunk yet."""
        try:
            events = await self._client.listing("PJSIPShowEndpoint", Endpoint=endpoint)
        except SwitchAbsent:
            if not self._client.connected:
                raise
            return None
        statuses = [event.get("Status", "") for event in events if event.get("AOR") == f"{endpoint}{CHECKED}"]
        return REACHABLE.get(statuses[0]) if statuses else None

    async def log_out(self, endpoint: str) -> None:
        """Tell the carrier that we are not there any more, and register no more."""
        await self._client.action("PJSIPUnregister", Registration=endpoint)

    async def register_anew(self, endpoint: str) -> None:
        """Log in now; a trunk that Asterisk has no registration of is left to the next refresh."""
        await self._client.action("PJSIPRegister", Registration=endpoint)
