"""The FastAGI protocol as far as the dialplan speaks it: one header, one command, one reply."""

import asyncio
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


@dataclass(frozen=True, slots=True)
class Question:
    """What the dialplan asks: name, arguments, and which channel it is."""

    name: str
    arguments: tuple[str, ...]
    channel: str
    uniqueid: str


async def read_question(reader: asyncio.StreamReader) -> Question | None:
    """Read the header; None when nothing came: somebody only looked whether the door is there.

    PeerMisbehaves when it is too long, ends early, or lacks what every header has.
    """
    try:
        raw = await reader.readuntil(b"\n\n")
    except asyncio.LimitOverrunError as error:
        raise PeerMisbehaves(f"header longer than {MAX_HEADER_BYTES} bytes") from error
    except asyncio.IncompleteReadError as error:
        if not error.partial:
            return None
        raise PeerMisbehaves(f"header ends after {len(error.partial)} bytes") from error
    header: dict[str, str] = {}
    for text in raw.decode("utf-8", "replace").splitlines():
        key, separator, value = text.partition(": ")
        if separator:
            header.setdefault(key.strip(), value)
    return _question(header)


async def is_gone(reader: asyncio.StreamReader) -> bool:
    """True when the caller hung up before its question was read, as happens when this process was held up.

    Asterisk sends nothing between header and first command but `HANGUP`, and closes.
    """
    await asyncio.sleep(0)  # lets what came with the header be seen
    return reader.at_eof() or bool(getattr(reader, "_buffer", b""))  # asyncio has no public look-ahead


def mset_command(variables: Mapping[str, str]) -> bytes:
    """`EXEC MSet` of all variables in one command, so that there is no half of an answer."""
    for name, value in variables.items():
        safe = _SAFE_DIAL if name.startswith(VAR_DIAL_PREFIX) else _SAFE_VALUE
        assert safe.fullmatch(value), f"{name} holds what a channel variable may not: {value!r}"
    pairs = ",".join(f"{name}={value}" for name, value in variables.items())
    command = f'EXEC MSet "{pairs}"\n'.encode("ascii")
    assert len(command) <= MAX_COMMAND_BYTES, "routes are bounded, so is the command"
    return command


async def send_command(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: bytes) -> None:
    """Send and wait for `200`; PeerMisbehaves on any other reply, also when the caller has hung up."""
    writer.write(command)
    await writer.drain()
    while True:
        try:
            reply = await reader.readuntil(b"\n")
        except (asyncio.LimitOverrunError, asyncio.IncompleteReadError) as error:
            raise PeerMisbehaves("no reply to the answer") from error
        if reply.strip() == b"HANGUP":
            continue  # a notice of Asterisk, the reply follows
        if not reply.startswith(b"200 "):
            raise PeerMisbehaves(f"reply {reply[:80]!r}")
        return


def _question(header: Mapping[str, str]) -> Question:
    missing = [key for key in ("agi_network_script", "agi_uniqueid", "agi_channel") if not header.get(key)]
    if missing:
        raise PeerMisbehaves(f"header without {', '.join(missing)}")
    arguments: list[str] = []
    while (value := header.get(f"agi_arg_{len(arguments) + 1}")) is not None:
        arguments.append(value)
    return Question(header["agi_network_script"], tuple(arguments), header["agi_channel"], header["agi_uniqueid"])
