"""What the person sees: one line a step, with its time; a sign of life in between."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIFE_SIGN_TTY_S = 1.0
LIFE_SIGN_LOG_S = 30.0  # in a log file (CI) a line each half minute is enough


def say(text: str = "") -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def last_line(path: Path) -> str:
    """The last line of a log, cut to the width of a screen; '' when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 2000))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    kept = [line.strip() for line in lines if line.strip()]
    return kept[-1][:70] if kept else ""


@contextmanager
def progress(title: str, log: Path | None = None) -> Iterator[None]:
    """Print a step's title, signs of life while it runs, and its seconds (or FAILED)."""
    started = time.monotonic()
    tty = sys.stdout.isatty()
    stop = threading.Event()
    print(f"  {title} ...", end="" if tty else "\n", flush=True)
    watcher = threading.Thread(target=_signs_of_life, args=(title, log, tty, started, stop), daemon=True)
    watcher.start()
    outcome = "FAILED"
    try:
        yield
        outcome = "done"
    finally:
        stop.set()
        watcher.join()
        lead = "\r\x1b[K" if tty else ""
        say(f"{lead}  {title}: {outcome} ({time.monotonic() - started:.1f} s)")


def _signs_of_life(title: str, log: Path | None, tty: bool, started: float, stop: threading.Event) -> None:
    while not stop.wait(LIFE_SIGN_TTY_S if tty else LIFE_SIGN_LOG_S):
        detail = last_line(log) if log else ""
        line = f"  {title} ... {time.monotonic() - started:.0f} s  {detail}"
        print(f"\r\x1b[K{line[:110]}" if tty else line, end="" if tty else "\n", flush=True)
