"""The FastAGI protocol as far as the dialplan speaks it: one header, one command, one reply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..dialplan_names import VAR_DIAL_PREFIX
from ..errors import PeerMisbehaves

MAX_HEADER_BYTES = 16_384
"""Asterisk's header has about 25 short lines; whatever is longer is not Asterisk."""

MAX_COMMAND_BYTES = 1900
"""Asterisk reads AGI commands into 2,048 bytes (asterisk #2069)."""

_SAFE_VALUE = re.compile(r"[-A-Za-z0-9@/+*#._]*", re.ASCII)
"""What may stand in a channel variable: no comma, quote, space, dollar or bracket."""

_SAFE_DIAL = re.compile(rf"{_SAFE_VALUE.pattern}(&{_SAFE_VALUE.pattern})*", re.ASCII)
"""A dial string may besides join several by an ampersand: they ring at once."""


_PATIENCE_ENDS = "TIMEOUT(absolute)=0"
"""Behind every answer: the dialplan waits no more (80_sub_authorise.conf)."""

_ARGUMENTS_JOIN = "|"
"""Between the arguments of a question. The dialplan filters them, none has one."""

_HEADER_END = b"\n\n"


@dataclass(frozen=True, slots=True)
class Question:
    """What the dialplan asks: name, arguments, and which channel it is."""

    name: str
    arguments: tuple[str, ...]
    channel: str
    uniqueid: str


def split_header(received: bytes) -> tuple[bytes, bytes] | None:
    """Header and what came behind it; None while its end has not come. PeerMisbehaves when it is too long."""
    end = received.find(_HEADER_END, 0, MAX_HEADER_BYTES)
    if end >= 0:
        return received[:end], received[end + len(_HEADER_END) :]
    if len(received) >= MAX_HEADER_BYTES:
        raise PeerMisbehaves(f"header longer than {MAX_HEADER_BYTES} bytes")
    return None


def read_question(raw: bytes) -> Question:
    """Question of a header; PeerMisbehaves when it lacks what every header has. Of a name that comes twice, the first
    line counts."""
    lines = f"\n{raw.decode('utf-8', 'replace')}\n"
    return Question(
        name=_needed(lines, "agi_network_script"),
        arguments=tuple(_value(lines, "agi_arg_1").split(_ARGUMENTS_JOIN)),
        channel=_needed(lines, "agi_channel"),
        uniqueid=_needed(lines, "agi_uniqueid"),
    )


def _needed(lines: str, name: str) -> str:
    value = _value(lines, name)
    if not value:
        raise PeerMisbehaves(f"header without {name}")
    return value


def _value(lines: str, name: str) -> str:
    """Value of a line `name: value`; looked for by itself, since of some 25 lines four are of use."""
    begin = lines.find(f"\n{name}: ")
    return lines[begin + len(name) + 3 : lines.index("\n", begin + 1)] if begin >= 0 else ""


def is_answered(received: bytes) -> bool:
    """True when the reply `200` has come, False while it has not; PeerMisbehaves on any other one."""
    *lines, _ = received.split(b"\n")
    for line in lines:
        if line.strip() == b"HANGUP":
            continue  # a notice of Asterisk, the reply follows
        if not line.startswith(b"200 "):
            raise PeerMisbehaves(f"reply {line[:80]!r}")
        return True
    if len(received) > MAX_HEADER_BYTES:
        raise PeerMisbehaves("a reply without end")
    return False


def mset_command(variables: Mapping[str, str]) -> bytes:
    """`EXEC MSet` of all variables, with the end of the dialplan's patience, so that there is no half of an answer."""
    if not _SAFE_VALUE.fullmatch("".join(variables.values())):
        for name, value in variables.items():
            safe = _SAFE_DIAL if name.startswith(VAR_DIAL_PREFIX) else _SAFE_VALUE
            assert safe.fullmatch(value), f"{name} holds what a channel variable may not: {value!r}"
    pairs = ",".join([*(f"{name}={value}" for name, value in variables.items()), _PATIENCE_ENDS])
    command = f'EXEC MSet "{pairs}"\n'.encode("ascii")
    assert len(command) <= MAX_COMMAND_BYTES, "routes are bounded, so is the command"
    return command
