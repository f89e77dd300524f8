"""Set-up steps: each has an input hash, is done once for it, and leaves a marker when whole."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .console import progress
from .errors import BssError
from .files import read_json, text_hash, write_json
from .paths import Layout

NEEDED_BYTES = 5 * 1024**3


@dataclass(frozen=True)
class Step:
    """One thing that must exist before the services can start.

    `inputs` is text that decides whether the step must be done again; `present` looks whether its result is still
    there; `build` makes it and returns the versions of what it made. A build works in `layout.build` and renames at
    the end, so that an interruption leaves nothing half made in its final place.
    """

    name: str
    title: str
    inputs: Callable[[], str]
    present: Callable[[], bool]
    build: Callable[[], dict[str, str]]
    log: str = "setup.log"  # whose last line is shown while it runs


def marker(layout: Layout, name: str) -> Path:
    return layout.state / f"{name}.json"


def is_done(layout: Layout, step: Step) -> bool:
    """Whether the marker is of these inputs and the result is still there."""
    known = read_json(marker(layout, step.name), {})
    return known.get("hash") == text_hash(step.inputs()) and step.present()


def run_step(layout: Layout, step: Step) -> bool:
    """Do a step unless it is done; return whether it was done now."""
    if is_done(layout, step):
        return False
    marker(layout, step.name).unlink(missing_ok=True)
    started = time.monotonic()
    with progress(step.title, layout.log / step.log):
        versions = step.build()
    write_json(
        marker(layout, step.name),
        {
            "hash": text_hash(step.inputs()),
            "versions": versions,
            "seconds": round(time.monotonic() - started, 1),
            "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        },
    )
    return True


def run_steps(layout: Layout, steps: list[Step]) -> list[str]:
    """Do the steps that are not done, in order; return their names."""
    waiting = [step for step in steps if not is_done(layout, step)]
    if waiting:
        check_disk(layout)
    return [step.name for step in waiting if run_step(layout, step)]


def check_disk(layout: Layout, needed: int = NEEDED_BYTES) -> None:
    """Raise BssError when the runtime folder's disk has less than what a whole set-up takes."""
    layout.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(layout.home).free
    if free < needed:
        raise BssError(
            f"Only {free / 1024**3:.1f} GB are free below {layout.home}; set-up needs {needed / 1024**3:.0f} GB.",
            "free some space, or set BSS_HOME to a folder on a bigger disk",
        )


def versions(layout: Layout) -> dict[str, str]:
    """What the steps installed, by name."""
    found: dict[str, str] = {}
    for file in sorted(layout.state.glob("*.json")):
        found.update(read_json(file, {}).get("versions", {}))
    return found


def fresh_folder(path: Path) -> Path:
    """An empty folder, whatever an interrupted run left there."""
    if path.exists():
        shutil.rmtree(path)
    path.mkdir(parents=True)
    return path


def swap_in(new: Path, final: Path) -> None:
    """Put a finished folder in its place; the old one goes away only after that."""
    old = final.with_name(final.name + ".old")
    if old.exists():
        shutil.rmtree(old)
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():
        final.rename(old)
    new.rename(final)
    if old.exists():
        shutil.rmtree(old)
