"""Descriptions of services as the supervisor runs them, and what is known about running ones."""

import os
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .files import read_json, tree_hash, write_json
from .paths import Layout

LEFTOVER_TIMEOUT_S = 15.0
SUPERVISOR_MODULES = ("supervise", "services", "rotate", "files", "paths", "errors")
"""What the supervisor's process has loaded of bss_cli: a change of others does not concern it."""


@dataclass(frozen=True)
class ServiceSpec:
    """One service. `ready` lists "address:port" places that must take a TCP connection before the next one starts."""

    name: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = "/"
    ready: list[str] = field(default_factory=list)
    ready_timeout_s: float = 60.0
    stop_signal: int = signal.SIGTERM
    stop_timeout_s: float = 15.0
    rotate: list[str] = field(default_factory=list)  # log files besides its own, as glob patterns


def spec_file(layout: Layout) -> Path:
    return layout.run / "services.json"


def state_file(layout: Layout) -> Path:
    return layout.run / "state.json"


def write_specs(layout: Layout, specs: list[ServiceSpec]) -> None:
    """Tell the supervisor what shall run; the file holds passwords."""
    write_json(spec_file(layout), [asdict(spec) for spec in specs], mode=0o600)


def read_specs(path: Path) -> list[ServiceSpec]:
    return [ServiceSpec(**spec) for spec in read_json(path, [])]


def process_start(pid: int) -> str:
    """When a process began (kernel ticks), which tells it from a later one with the same id; '' when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rsplit(")", 1)[1].split()
    return "" if fields[0] == "Z" else fields[19]


def is_same_process(pid: int, started: str) -> bool:
    return bool(started) and process_start(pid) == started


def supervisor_pid(layout: Layout) -> int | None:
    """The process id of the running supervisor; None when there is none."""
    known = read_json(layout.run / "supervisor.pid", {})
    if known and is_same_process(known["pid"], known["started"]):
        return int(known["pid"])
    return None


def supervisor_code() -> str:
    """Mark of the supervisor's code as it is on disk now."""
    here = Path(__file__).resolve().parent
    return tree_hash(*(here / f"{name}.py" for name in SUPERVISOR_MODULES))


def supervisor_is_outdated(layout: Layout) -> bool:
    """Whether one runs that was started from other code than there is now."""
    known = read_json(layout.run / "supervisor.pid", {})
    return supervisor_pid(layout) is not None and known.get("code") != supervisor_code()


def states(layout: Layout) -> dict[str, dict[str, Any]]:
    """Service -> state, pid, restarts as the supervisor last wrote them; {} when none runs."""
    if supervisor_pid(layout) is None:
        return {}
    return dict(read_json(state_file(layout), {}))


def running_names(layout: Layout) -> set[str]:
    """Services of ours that hold their ports now."""
    return {name for name, state in states(layout).items() if state.get("pid")}


def signal_process(pid: int, number: int) -> None:
    """Send a signal; a process that is gone is fine."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def end_leftovers(layout: Layout) -> list[str]:
    """End services that a killed supervisor left behind; return their names. Does nothing while one runs."""
    if supervisor_pid(layout) is not None:
        return []
    ended = []
    for file in sorted(layout.run.glob("*.pid")):
        known = read_json(file, {})
        if end_process(known):
            ended.append(file.stem)
        file.unlink(missing_ok=True)
    return ended


def end_process(
    known: dict[str, Any], stop_signal: int = signal.SIGTERM, timeout_s: float = LEFTOVER_TIMEOUT_S
) -> bool:
    """End the process of a pid file if it is still the same one; killed when it does not stop in time."""
    if not known or not is_same_process(known["pid"], known["started"]):
        return False
    for number in (stop_signal, signal.SIGKILL):
        signal_process(known["pid"], number)
        deadline = time.monotonic() + timeout_s
        while is_same_process(known["pid"], known["started"]) and time.monotonic() < deadline:
            time.sleep(0.1)
    return True
