"""One line a decision: `action=... call_ref=... key=value`. Values are quoted when they could break the line."""

import json
import logging
import re
import sys
import time
from typing import Any

_PLAIN = re.compile(r"[-A-Za-z0-9_.:/@+*#,\[\]]+", re.ASCII)

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
            self._logger.log(level, line(action, fields))


def line(action: str, fields: dict[str, Any]) -> str:
    """Text of one log line; None is left out."""
    words = [f"action={action}"]
    words += [f"{key}={_text(value)}" for key, value in fields.items() if value is not None]
    return " ".join(words)


def set_up_logging(level: str = "INFO") -> None:
    """Log to standard error, times in UTC with milliseconds."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # in no line of ours,
    logging._srcfile = None  # nor is the caller: logging's own switches for speed, two lines are written a call
    formatter = _Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)


class _Formatter(logging.Formatter):
    """UTC times; the text of a second is made once."""

    _second = -1
    _shown = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """Date and time to the second."""
        second = int(record.created)
        if second != self._second:
            self._shown = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self._second = second
        return self._shown


def _text(value: Any) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text[:MAX_VALUE_CHARS]
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
