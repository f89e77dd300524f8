"""The manager protocol: blocks of `Key: value` lines. An own thin client: measured cheaper than a library (D3)."""

import asyncio
from collections.abc import Mapping

from ..errors import PeerMisbehaves, SwitchAbsent

MAX_BLOCK_BYTES = 65_536

Block = dict[str, str]


async def read_block(reader: asyncio.StreamReader) -> Block:
    """Next block; repeated keys keep their first value. SwitchAbsent at the end, PeerMisbehaves when it is too long."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        raise SwitchAbsent("the manager interface closed the connection") from error
    except asyncio.LimitOverrunError as error:
        raise PeerMisbehaves(f"manager block longer than {MAX_BLOCK_BYTES} bytes") from error
    block: Block = {}
    for text in raw.decode("utf-8", "replace").split("\r\n"):
        key, separator, value = text.partition(":")
        if separator:
            block.setdefault(key, value.strip())
    return block


def write_block(fields: Mapping[str, str]) -> bytes:
    """A block to send; values of ours never hold line ends."""
    for key, value in fields.items():
        assert "\r" not in value and "\n" not in value, f"{key} holds a line end"
    return "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode() + b"\r\n"
