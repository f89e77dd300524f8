"""One at a time: set-up and tests share folders, a second run waits for the first."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .console import say
from .errors import BssError
from .paths import Layout

LONGEST_WAIT_S = 1800.0


@contextmanager
def exclusive(layout: Layout, work: str = "set-up", wait_s: float = LONGEST_WAIT_S) -> Iterator[None]:
    """Hold the lock of a kind of work in this runtime folder; wait for another holder, and say so.

    Raises BssError when the other is not done within `wait_s`. The lock goes away with the process.
    """
    layout.run.mkdir(parents=True, exist_ok=True)
    with (layout.run / f"{work}.lock").open("a+") as lock:
        deadline = time.monotonic() + wait_s
        said = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() >= deadline:
                    raise BssError(
                        f"Another ./bss is busy with {work} in {layout.home}.", "wait for its end"
                    ) from error
            if not said:
                say(f"Another ./bss is busy with {work} here: waiting for it ...")
                said = True
            time.sleep(0.2)
        yield
