"""What watching trunks needs from the world, and what is known of a trunk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TrunkState(StrEnum):
    """How a node finds a trunk; the words of table telecom_trunk_state."""

    UNKNOWN = "unknown"
    REACHABLE = "reachable"
    REGISTERED = "registered"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"


DOWN = frozenset({TrunkState.UNREACHABLE, TrunkState.REJECTED})
"""A trunk in one of these is the last that is tried."""


@dataclass(frozen=True, slots=True)
class TrunkFound:
    """State of a trunk, and since when."""

    state: TrunkState
    since: datetime


class TrunkProbe(Protocol):
    """What Asterisk knows of trunks; everything raises SwitchAbsent."""

    async def registrations(self) -> Mapping[str, bool | None]:
        """By endpoint: True registered, False refused or not answered, None not known yet."""

    async def is_reachable(self, endpoint: str) -> bool | None:
        """Whether the carrier answers when it is asked (OPTIONS); None: not known yet."""

    async def log_out(self, endpoint: str) -> None:
        """Tell the carrier that we are not there any more."""

    async def register_anew(self, endpoint: str) -> None:
        """Log in at the carrier now, with the present user name and password."""


class TrunkStates(Protocol):
    """What this node has written about trunks; everything raises DatabaseAbsent."""

    async def stored(self) -> Mapping[int, TrunkFound]:
        """Rows of this node by trunk."""

    async def save(self, found: Mapping[int, TrunkFound]) -> None:
        """Write these; trunks that are not among them have no row any more."""
