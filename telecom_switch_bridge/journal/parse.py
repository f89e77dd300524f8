"""One line of the leg journal. Form: asterisk/README.md, "The leg journal"."""

import csv
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, cast

from ..errors import PeerMisbehaves
from ..ledger_ports import Channel, JournalEvent, Transfer

FIELDS = 13
MAX_TEXT_CHARS = 300
"""Longer ids, channel names or userfields are none of ours."""

MAX_PDD_DIGITS = 6
"""A quarter of an hour: nobody waits longer for the first ringing."""

NOBODY = "N/A"
"""Asterisk's word for a channel that has no part in a transfer."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Kind = Literal["ANSWER", "HANGUP", "CHAN_END", "BLINDTRANSFER", "ATTENDEDTRANSFER"]
TRANSFERS = ("BLINDTRANSFER", "ATTENDEDTRANSFER")
KINDS = ("ANSWER", "HANGUP", "CHAN_END", *TRANSFERS)
"""Events that are acted upon; others may be in the file and are passed over."""

_BEGINS = re.compile(r'"(?:ANSWER|HANGUP|CHAN_END|BLINDTRANSFER|ATTENDEDTRANSFER)","(?=\d)')
"""Where a record begins."""


def parse_line(text: str, file_id: str = "", offset: int = 0) -> JournalEvent | None:
    """Event of a line, which begins at `offset` of a file (bytes); None for one that does not matter, PeerMisbehaves
    when it is no whole line of the journal.

    The answer of a channel without a mark, as a caller's, starts no charge (services/marked_events.py).
    """
    values = _values(text)
    kind, at, uniqueid, linkedid, channel, userfield, account = values[:7]
    extra = values[-1]
    if kind not in KINDS or (kind == "ANSWER" and not userfield):
        return None
    is_long = len(text) > MAX_TEXT_CHARS and max(map(len, (uniqueid, linkedid, channel, userfield))) > MAX_TEXT_CHARS
    if not uniqueid or is_long:
        raise PeerMisbehaves("channel id is empty, or a field too long")
    cause = transfer = pdd_ms = None
    if kind == "HANGUP":
        cause, pdd_ms = _hangup_cause(extra), _pdd_ms(account)
    elif kind in TRANSFERS:
        transfer = _transfer(uniqueid, extra)
    return JournalEvent(
        cast("Kind", kind), _instant(at), uniqueid, linkedid, channel, userfield, cause, file_id, offset, text,
        transfer, pdd_ms,
    )  # fmt: skip


def _values(text: str) -> list[str]:
    """The fields of a line.

    Nearly every line has quotes around each field, and inside the last one only: those need no reader of CSV.
    """
    values = text[1:-1].split('","', FIELDS - 1)
    if len(values) != FIELDS or not text[0] == text[-1] == '"':
        return _read_values(text)
    if text.count('"') == 2 * FIELDS:  # none but those around the fields
        return values
    *parts, last = values
    if '"' in "".join(parts) or '"' in last.replace('""', ""):
        return _read_values(text)
    return [*parts, last.replace('""', '"')]


def _read_values(text: str) -> list[str]:
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error as error:
        raise PeerMisbehaves(f"not separated values: {error}") from error
    if len(rows) != 1 or len(rows[0]) != FIELDS:
        raise PeerMisbehaves(f"{len(rows[0]) if rows else 0} fields where {FIELDS} belong")
    return rows[0]


def split_broken(text: str) -> tuple[str, str] | None:
    """(broken part, whole record) of a line on which a record follows what a full volume left of another; else None.

    Inside a field every quote is doubled, so no caller can write what begins a record.
    """
    for match in _BEGINS.finditer(text, 1):
        try:
            parse_line(text[match.start() :])
        except PeerMisbehaves:
            continue
        return text[: match.start()], text[match.start() :]
    return None


def _instant(text: str) -> datetime:
    """`1795473518.287598` exactly: a float would lose microseconds."""
    seconds, _, fraction = text.partition(".")
    second = _second(seconds)
    if not fraction:
        return second
    if not (fraction.isascii() and fraction.isdecimal()):
        raise PeerMisbehaves(f"time {text[:40]!r}")
    return second.replace(microsecond=int(fraction.ljust(6, "0")[:6]))


@lru_cache(maxsize=256)
def _second(seconds: str) -> datetime:
    """Second of the Unix clock. Under load many lines share one."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 11):
        raise PeerMisbehaves(f"time {seconds[:40]!r}")
    return EPOCH + timedelta(seconds=int(seconds))


@lru_cache(maxsize=256)
def _hangup_cause(extra: str) -> int | None:
    """Q.850 cause in EventExtra; None when Asterisk said none. Most ends say the same words."""
    if not extra:
        return None
    try:
        cause = json.loads(extra)["hangupcause"]
    except (ValueError, KeyError, TypeError) as error:
        raise PeerMisbehaves(f"extra {extra[:80]!r}") from error
    return cause if isinstance(cause, int) else None


def _pdd_ms(account: str) -> int | None:
    """`<carrier>/<milliseconds>`: what an answered leg was told of its ringing (82_leg_handlers.conf)."""
    told = account.partition("/")[2]
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= MAX_PDD_DIGITS else None


def _transfer(transferor: str, extra: str) -> Transfer:
    """What EventExtra of a transfer says. `app`: one of the transferor's two channels was still dialling.

    Then the party of its other channel takes its place. `transferor` is the channel of the event itself.
    """
    try:
        said = json.loads(extra)
        transferee, target = _channel(said, "transferee_channel"), _channel(said, "transfer_target_channel")
        parties = tuple(party for party in (transferee, target) if party is not None)
        if "app" not in said or not parties:
            return Transfer(parties)
        return Transfer(parties, parties[0], said["channel2_uniqueid"] if transferee is not None else transferor)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PeerMisbehaves(f"extra {extra[:80]!r}") from error


def _channel(said: Mapping[str, str], kind: str) -> Channel | None:
    """A channel of EventExtra; None when there is none ("N/A")."""
    uniqueid, name = said.get(f"{kind}_uniqueid", NOBODY), said.get(f"{kind}_name", NOBODY)
    return None if NOBODY in {uniqueid, name} else Channel(uniqueid, name)
