"""The supervisor: starts services in order, restarts what died with back-off, rotates logs, stops all at the end.

`python -m bss_cli.supervise RUNTIME_FOLDER` reads `run/services.json`, again on SIGHUP, and stops everything in
reverse order on SIGTERM or SIGINT. It writes `run/state.json` and one pid file a service. A service that a killed
supervisor left behind is ended before it is started again, after a check that it is the same process.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from .files import read_json, write_json
from .paths import REPO, Layout
from .rotate import rotate_logs
from .services import ServiceSpec, end_process, process_start, read_specs, spec_file, state_file, supervisor_code

POLL_S = 0.1
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
HEALTHY_AFTER_S = 60.0  # a service that lived this long starts again with the first delay
ROTATE_EVERY_S = 30.0
CONNECT_TIMEOUT_S = 0.5


def back_off_s(restarts_in_a_row: int) -> float:
    """Seconds to wait before the n-th restart in a row (0, 1, 2, ...)."""
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * float(1 << min(restarts_in_a_row, 10)))


class Service:
    """One supervised process."""

    def __init__(self, spec: ServiceSpec, layout: Layout) -> None:
        self.spec, self.layout = spec, layout
        self.process: subprocess.Popen[bytes] | None = None
        self.state = "waiting"
        self.restarts = 0
        self.in_a_row = 0
        self.started_at = self.next_start_at = 0.0
        self.last_exit: int | None = None

    @property
    def pid_file(self) -> Path:
        return self.layout.run / f"{self.spec.name}.pid"

    @property
    def log(self) -> Path:
        return self.layout.log / f"{self.spec.name}.log"

    def start(self, now: float) -> None:
        self._end_leftover()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            self.process = self._spawn(sink)
        self.started_at = now
        if self.process is None:
            self._died(now, 127)
            return
        self.state = "starting"
        write_json(self.pid_file, {"pid": self.process.pid, "started": process_start(self.process.pid)})

    def _spawn(self, sink: IO[bytes]) -> "subprocess.Popen[bytes] | None":
        try:
            return subprocess.Popen(
                self.spec.argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, cwd=self.spec.cwd,
                env={**os.environ, **self.spec.env}, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            sink.write(f"bss: cannot start {self.spec.argv[0]}: {error}\n".encode())
            return None

    def _end_leftover(self) -> None:
        """End the process of an earlier supervisor, if it is still the one whose pid was written down."""
        known = read_json(self.pid_file, {})
        if end_process(known, self.spec.stop_signal, self.spec.stop_timeout_s):
            report(f"{self.spec.name}: ended process {known['pid']} of an earlier run")

    def poll(self, now: float) -> None:
        """Notice that it died or became ready; start it again when its delay is over."""
        if self.process is None:
            if self.state == "back-off" and now >= self.next_start_at:
                self.restarts += 1
                self.start(now)
            return
        code = self.process.poll()
        if code is not None:
            self._died(now, code)
        elif self.state == "starting" and self._answers():
            self.state = "running"
            report(f"{self.spec.name}: running after {now - self.started_at:.1f} s (pid {self.process.pid})")
        elif self.state == "starting" and now - self.started_at > self.spec.ready_timeout_s:
            report(f"{self.spec.name}: not ready after {self.spec.ready_timeout_s:.0f} s, starting it again")
            self.stop()
            self._died(now, -1)

    def _answers(self) -> bool:
        for place in self.spec.ready:
            address, port = place.rsplit(":", 1)
            try:
                socket.create_connection((address, int(port)), timeout=CONNECT_TIMEOUT_S).close()
            except OSError:
                return False
        return True

    def _died(self, now: float, code: int) -> None:
        self._kill_group()
        self.process = None
        self.last_exit = code
        self.in_a_row = 0 if now - self.started_at > HEALTHY_AFTER_S else self.in_a_row
        delay = back_off_s(self.in_a_row)
        self.in_a_row += 1
        self.state, self.next_start_at = "back-off", now + delay
        self.pid_file.unlink(missing_ok=True)
        report(f"{self.spec.name}: ended with {code}, next start in {delay:.1f} s")

    def stop(self) -> None:
        """Ask it to stop; after its time is over, kill it and what it left in its process group."""
        if self.process is None:
            self.state = "stopped"
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.spec.stop_signal)
        try:
            self.process.wait(self.spec.stop_timeout_s)
        except subprocess.TimeoutExpired:
            report(f"{self.spec.name}: does not stop, killed after {self.spec.stop_timeout_s:.0f} s")
            self.process.kill()
            self.process.wait()
        self._kill_group()
        self.last_exit = self.process.returncode
        self.process, self.state = None, "stopped"
        self.pid_file.unlink(missing_ok=True)

    def _kill_group(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def described(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "pid": self.process.pid if self.process else None,
            "restarts": self.restarts,
            "last_exit": self.last_exit,
        }


class Supervisor:
    """All services of one runtime folder."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.services: dict[str, Service] = {}
        self.stopping = False
        self.reload = True
        self.written: dict[str, Any] = {}
        self.rotated_at = 0.0

    def run(self) -> None:
        """Serve until told to stop."""
        signal.signal(signal.SIGTERM, self._ask_stop)
        signal.signal(signal.SIGINT, self._ask_stop)
        signal.signal(signal.SIGHUP, self._ask_reload)
        try:
            while not self.stopping:
                self.tick(time.monotonic())
                time.sleep(POLL_S)
        finally:
            self.stop_all()

    def _ask_stop(self, _number: int, _frame: Any) -> None:
        self.stopping = True

    def _ask_reload(self, _number: int, _frame: Any) -> None:
        self.reload = True

    def tick(self, now: float) -> None:
        """One round: follow the specification, look at every service, start the next one in order."""
        if self.reload:
            self.reload = False
            self.follow(read_specs(spec_file(self.layout)))
        for service in self.services.values():
            service.poll(now)
        self._start_next(now)
        self._write_state()
        if now - self.rotated_at > ROTATE_EVERY_S:
            self.rotated_at = now
            patterns = [pattern for service in self.services.values() for pattern in service.spec.rotate]
            rotate_logs([str(self.layout.log / "*.log"), *patterns])

    def follow(self, specs: list[ServiceSpec]) -> None:
        """Stop what is no longer wanted or has changed; take in what is new. Order is the order of the file."""
        wanted = {spec.name: spec for spec in specs}
        for name, service in reversed(list(self.services.items())):
            if wanted.get(name) != service.spec:
                report(f"{name}: stopping ({'changed' if name in wanted else 'no longer wanted'})")
                service.stop()
                del self.services[name]
        self.services = {name: self.services.get(name) or Service(spec, self.layout) for name, spec in wanted.items()}

    def _start_next(self, now: float) -> None:
        """Start the first waiting service when all before it have been ready once."""
        for service in self.services.values():
            if service.state == "waiting":
                service.start(now)
                return
            if service.state == "starting" or (service.state == "back-off" and service.restarts == 0):
                return

    def stop_all(self) -> None:
        for name, service in reversed(list(self.services.items())):
            report(f"{name}: stopping")
            service.stop()
            self._write_state()

    def _write_state(self) -> None:
        now = {name: service.described() for name, service in self.services.items()}
        if now != self.written:
            self.written = now
            write_json(state_file(self.layout), now)


def report(text: str) -> None:
    """One line in the supervisor's own log."""
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), text, flush=True)


def main(home: str) -> int:
    layout = Layout(REPO, Path(home))
    layout.run.mkdir(parents=True, exist_ok=True)
    with (layout.run / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            report("another supervisor runs on this folder")
            return 1
        pid_file = layout.run / "supervisor.pid"
        known = {"pid": os.getpid(), "started": process_start(os.getpid()), "code": supervisor_code()}
        write_json(pid_file, known)
        try:
            Supervisor(layout).run()
        finally:
            pid_file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
