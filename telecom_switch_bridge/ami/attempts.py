"""Attempts as the dialplan tells them on the manager interface."""

from collections.abc import Mapping

from ..dialplan_names import EVENT_ATTEMPT, EVENT_GIVE_UP

MAX_DIGITS = 4


def attempt_of(event: Mapping[str, str]) -> tuple[str, int] | None:
    """Channel that was dialled, and seconds after which it is given up if nothing comes back; None for other events."""
    channel, seconds = event.get("Channel", ""), event.get(EVENT_GIVE_UP, "")
    readable = seconds.isascii() and seconds.isdecimal() and len(seconds) <= MAX_DIGITS
    if event.get("UserEvent") != EVENT_ATTEMPT or not channel or not readable:
        return None
    return channel, int(seconds)
