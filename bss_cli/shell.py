"""Running other programs: output to a log, a time limit, and failures explained in words."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from .errors import BssError

DEFAULT_TIMEOUT_S = 1800.0
TAIL_LINES = 15

GONE = (
    "A package is no longer offered by the registry.",
    "run it again; if it stays away, its pin in requirements*.txt or its name in bss_cli/apt.py must change",
)
UNREACHABLE = (
    "A package registry could not be reached.",
    "check the network and the proxy settings of apt and pip, then run it again: finished steps are kept",
)
# (pattern in the output, (what to say, what to do)); the first that is found counts. pip says "no matching
# distribution" for an unreachable index too, and apt "failed to fetch" for a package that is gone.
EXPLANATIONS = (
    (r"No space left on device", ("The disk is full.", "free some space (about 5 GB are needed) and run it again")),
    (r"Unable to locate package|has no installation candidate|Couldn't find these debs|404 +Not Found", GONE),
    (
        r"Temporary failure (in name resolution|resolving)|Could not resolve|Connection refused|Connection timed out"
        r"|Network is unreachable|Failed to fetch|Couldn't download|NewConnectionError|NameResolutionError"
        r"|ReadTimeout|Max retries exceeded|Failed getting release file|Could not connect to",
        UNREACHABLE,
    ),
    (r"No matching distribution found", GONE),
    (r"Could not get lock|is another process using it", ("Another package manager is at work.", "wait for it to end")),
    (r"Permission denied|Operation not permitted", ("A right is missing.", "run it as root or with sudo")),
)


def explain_failure(output: str) -> tuple[str, str]:
    """Turn the output of a failed program into (what happened, remedy); ('', '') when nothing is recognised."""
    for pattern, explanation in EXPLANATIONS:
        if re.search(pattern, output):
            return explanation
    return "", ""


def run_logged(
    argv: Sequence[str | Path],
    log: Path,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> str:
    """Run a program with its output appended to `log`; return that output; raise BssError when it fails.

    `env` is added to the caller's environment. Standard input is closed: nothing may wait for an answer.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        sink.write(f"\n$ {_shown(argv)}   [{time.strftime('%Y-%m-%d %H:%M:%S')}]\n".encode())
        sink.flush()
        begin = sink.tell()
        try:
            code = _run_bounded(argv, sink, cwd, {**os.environ, **(env or {})}, timeout_s)
        except subprocess.TimeoutExpired as error:
            raise BssError(f"{_program(argv)} did not end within {timeout_s:.0f} s.", f"see {log}") from error
    output = read_from(log, begin)
    if code:
        raise _failure(argv, code, output, log)
    return output


def _run_bounded(
    argv: Sequence[str | Path], sink: IO[bytes], cwd: Path | None, env: Mapping[str, str], timeout_s: float
) -> int:
    """Run to the end; at an interruption or when the time is over, end it with everything it started.

    As root in a session of its own, so that nothing of it outlives us; sudo needs the terminal to ask for a password.
    """
    try:
        process = subprocess.Popen(
            [str(part) for part in argv], stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
            cwd=cwd, env=env, start_new_session=os.geteuid() == 0,
        )  # fmt: skip
    except OSError as error:
        raise BssError(f"Cannot start {argv[0]}: {error}", "install it, or run `./bss up` first") from error
    try:
        return process.wait(timeout_s)
    finally:
        if process.poll() is None:
            end_group(process)


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and, when it leads a session of its own, everything it started there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getsid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _failure(argv: Sequence[str | Path], code: int, output: str, log: Path) -> BssError:
    message, remedy = explain_failure(output)
    tail = "\n".join("    " + line for line in output.strip().splitlines()[-TAIL_LINES:])
    text = f"{_program(argv)} ended with {code}. {message}\n{tail}"
    return BssError(text.rstrip(), remedy or f"the whole output is in {log}")


def _program(argv: Sequence[str | Path]) -> str:
    """The program's name, without the wrapper that changes the user."""
    parts = [str(part) for part in argv]
    own = parts[parts.index("--") + 1 :] if parts[0] == "setpriv" and "--" in parts else parts
    return " ".join([Path(own[0]).name, *own[1:4]])


def _shown(argv: Sequence[str | Path]) -> str:
    return " ".join(str(part) for part in argv)


def read_from(path: Path, offset: int) -> str:
    """The text of a file from a byte offset on."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", "replace")


def output_of(argv: Sequence[str | Path], *, timeout_s: float = 30.0, env: Mapping[str, str] | None = None) -> str:
    """Standard output of a short program, stripped; '' when it fails or is absent."""
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=False,
            env={**os.environ, **(env or {})},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
