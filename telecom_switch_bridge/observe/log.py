"""One line a decision: `action=... call_ref=... key=value`. Values are quoted when they could break the line."""

import asyncio
import atexit
import json
import logging
import os
import re
import sys
import time
from contextlib import suppress
from typing import Any, TextIO

_PLAIN = re.compile(r"[-A-Za-z0-9_.:/@+*#,\[\]]+", re.ASCII)

_PLAIN_BYTES = b"-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/@+*#,= "
"""What lines consist of whose values need no quotes and are no lists."""

STDERR = 2

MAX_VALUE_CHARS = 300
"""Longer values are cut: peers choose some of them."""


class Log:
    """Writes decisions of one part of the daemon."""

    def __init__(self, part: str) -> None:
        self._logger = logging.getLogger(f"bss.{part}")

    def debug(self, action: str, **fields: Any) -> None:
        """What only a developer wants to read."""
        self._write(logging.DEBUG, action, fields)

    def info(self, action: str, **fields: Any) -> None:
        """A decision."""
        self._write(logging.INFO, action, fields)

    def warning(self, action: str, **fields: Any) -> None:
        """Something outside is wrong; the daemon goes on."""
        self._write(logging.WARNING, action, fields)

    def error(self, action: str, **fields: Any) -> None:
        """A person has to look."""
        self._write(logging.ERROR, action, fields)

    def crash(self, action: str, **fields: Any) -> None:
        """A fault of ours, with its traceback; called from an `except` block."""
        self._logger.exception(line(action, fields))

    def _write(self, level: int, action: str, fields: dict[str, Any]) -> None:
        if self._logger.isEnabledFor(level):
            _out.write(level, self._logger, line(action, fields))


class _Out:
    """Where lines go: through Python's logging until `set_up_logging`; from then on straight to standard error, in the
    form of its formatter. Two lines are written a call, and a record of logging costs as much as all else about it.

    Lines of one turn of the event loop leave together when it ends; a warning takes what waits along at once.
    """

    is_direct = False
    _second = -1
    _shown = ""

    def __init__(self) -> None:
        self._waiting: list[str] = []

    def write(self, level: int, logger: logging.Logger, text: str) -> None:
        """One line; one that nobody takes is lost, calls go on."""
        if not self.is_direct:
            logger.log(level, text)
            return
        now = time.time()
        whole = f"{self.second(now)}.{int(now * 1000) % 1000:03d}Z {_LEVELS[level]} {logger.name} {text}\n"
        if level > logging.INFO:
            self.flush(whole)
            return
        if not self._waiting:
            try:
                asyncio.get_running_loop().call_soon(self.flush)
            except RuntimeError:  # no loop runs: nobody would come back for it
                self.flush(whole)
                return
        self._waiting.append(whole)

    def flush(self, last: str = "") -> None:
        """Write what waits, and one line behind it."""
        waiting, self._waiting = self._waiting, []
        whole = "".join([*waiting, last]).encode("utf-8", "replace")
        with suppress(OSError):
            while whole:  # a pipe may take less than all
                whole = whole[os.write(STDERR, whole) :]

    def second(self, now: float) -> str:
        """Date and time to the second, UTC; the text of a second is made once."""
        if int(now) != self._second:
            self._second = int(now)
            self._shown = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self._second))
        return self._shown


_out = _Out()
_LEVELS = {logging.DEBUG: "DEBUG", logging.INFO: "INFO", logging.WARNING: "WARNING", logging.ERROR: "ERROR"}


def line(action: str, fields: dict[str, Any]) -> str:
    """Text of one log line; None is left out."""
    said = [(key, value) for key, value in fields.items() if value is not None]
    text = " ".join([f"action={action}", *[f"{key}={value}" for key, value in said]])
    if _is_plain(text, len(said) + 1):
        return text  # nearly every line: no value has to be looked at alone
    return " ".join([f"action={action}", *[f"{key}={_text(value)}" for key, value in said]])


def _is_plain(text: str, pairs: int) -> bool:
    """True when no value has to be quoted or cut: whatever would have to be breaks the count of the pairs, is empty, or
    has a character that is not plain."""
    return (
        len(text) <= MAX_VALUE_CHARS
        and text.count("=") == pairs == text.count(" ") + 1
        and "= " not in text
        and text[-1] != "="
        and text.isascii()
        and not text.encode().translate(None, _PLAIN_BYTES)
    )


def set_up_logging(level: str = "INFO") -> None:
    """Log to standard error, times in UTC with milliseconds."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # in no line of ours,
    logging._srcfile = None  # nor is the caller: logging's own switches for speed, two lines are written a call
    formatter = _Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s")
    handler = _Handler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    _out.is_direct = True
    atexit.register(_out.flush)


class _Handler(logging.StreamHandler[TextIO]):
    """For libraries and tracebacks, in their place among our own lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it behind what waits."""
        _out.flush()
        super().emit(record)


class _Formatter(logging.Formatter):
    """UTC times."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """Date and time to the second."""
        return _out.second(record.created)


def _text(value: Any) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text[:MAX_VALUE_CHARS]
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
