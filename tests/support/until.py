"""Waiting in tests: always for something, never for a fixed time, never for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_S = 0.02


def until(what: Callable[[], T], *, seconds: float = 5.0, reason: str | Callable[[], str] = "") -> T:
    """Return the first true result of what(); AssertionError with reason and last result after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        result = what()
        if result:
            return result
        if time.monotonic() >= end:
            words = reason() if callable(reason) else reason
            raise AssertionError(f"not within {seconds} s: {words or what}; last seen: {result!r}")
        time.sleep(POLL_S)
