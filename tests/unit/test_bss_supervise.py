"""The supervisor: order, restart with back-off, reload, stop, and what a killed one left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from bss_cli import services
from bss_cli.paths import REPO, Layout
from bss_cli.rotate import rotate_logs
from bss_cli.services import ServiceSpec
from bss_cli.supervise import Service, Supervisor, back_off_s

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [sys.executable, "-uc", "import signal,time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)"]


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / "repo", tmp_path / "home")
    for folder in (layout.run, layout.log):
        folder.mkdir(parents=True)
    return layout


@pytest.fixture
def supervisor(layout):
    supervisor = Supervisor(layout)
    yield supervisor
    supervisor.stop_all()


def turn(supervisor, done, seconds=5.0):
    """Let the supervisor work until `done`; fail when that takes too long."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, supervisor.written
        supervisor.tick(time.monotonic())
        time.sleep(0.02)


def test_the_delay_between_restarts_grows_to_its_limit():
    assert [back_off_s(number) for number in (0, 1, 2, 6, 100)] == [0.5, 1.0, 2.0, 30.0, 30.0]


def test_a_died_service_is_started_again_with_a_new_process(layout, supervisor):
    services.write_specs(layout, [ServiceSpec("one", SLEEPER)])
    turn(supervisor, lambda: supervisor.written.get("one", {}).get("state") == "running")
    first = supervisor.written["one"]["pid"]
    os.kill(first, signal.SIGKILL)
    turn(supervisor, lambda: supervisor.written["one"]["restarts"] == 1 and supervisor.written["one"]["pid"])
    assert supervisor.written["one"]["pid"] != first
    assert supervisor.written["one"]["last_exit"] == -signal.SIGKILL


def test_a_service_waits_until_the_one_before_it_answers(layout, supervisor):
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    listen = f"import socket,time; time.sleep(.4); s=socket.create_server(('127.0.0.1',{port})); time.sleep(60)"
    first = ServiceSpec("first", [sys.executable, "-c", listen], ready=[f"127.0.0.1:{port}"])
    services.write_specs(layout, [first, ServiceSpec("second", SLEEPER)])
    turn(supervisor, lambda: supervisor.written.get("first", {}).get("pid"))
    assert supervisor.written["first"]["state"] == "starting"
    assert supervisor.written["second"]["state"] == "waiting"
    turn(supervisor, lambda: supervisor.written["second"]["state"] == "running")
    assert supervisor.written["first"]["state"] == "running"


def test_a_service_that_never_comes_up_does_not_hold_up_the_others_for_ever(layout, supervisor):
    services.write_specs(layout, [ServiceSpec("broken", ["/no/such/program"]), ServiceSpec("good", SLEEPER)])
    turn(supervisor, lambda: supervisor.written.get("good", {}).get("state") == "running")
    assert supervisor.written["broken"]["state"] == "back-off"
    assert "cannot start" in (layout.log / "broken.log").read_text()


def test_a_reload_touches_only_what_changed(layout, supervisor):
    services.write_specs(
        layout, [ServiceSpec("same", SLEEPER), ServiceSpec("changed", SLEEPER), ServiceSpec("gone", SLEEPER)]
    )
    turn(supervisor, lambda: supervisor.written.get("gone", {}).get("state") == "running")
    before = {name: state["pid"] for name, state in supervisor.written.items()}
    services.write_specs(layout, [ServiceSpec("same", SLEEPER), ServiceSpec("changed", SLEEPER, env={"A": "1"})])
    supervisor.reload = True
    turn(supervisor, lambda: supervisor.written.get("changed", {}).get("pid") not in (None, before["changed"]))
    assert supervisor.written["same"]["pid"] == before["same"]
    assert "gone" not in supervisor.written
    assert services.process_start(before["gone"]) == ""


def test_a_service_that_ignores_the_signal_is_killed(layout):
    service = Service(ServiceSpec("deaf", DEAF, stop_timeout_s=0.3), layout)
    service.start(time.monotonic())
    pid = service.process.pid
    deadline = time.monotonic() + 5
    while "deaf" not in service.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    service.stop()
    assert services.process_start(pid) == ""
    assert not service.pid_file.exists()


def test_what_a_killed_supervisor_left_is_ended_but_never_a_stranger(layout):
    ours = subprocess.Popen(SLEEPER)
    stranger = subprocess.Popen(SLEEPER)
    started = services.process_start(ours.pid)
    (layout.run / "ours.pid").write_text(json.dumps({"pid": ours.pid, "started": started}))
    (layout.run / "reused.pid").write_text(json.dumps({"pid": stranger.pid, "started": "1"}))
    try:
        assert services.end_leftovers(layout) == ["ours"]
        assert ours.wait(5) == -signal.SIGTERM
        assert stranger.poll() is None
        assert not list(layout.run.glob("*.pid"))
    finally:
        for process in (ours, stranger):
            process.kill()
            process.wait()


def test_a_whole_supervisor_stops_everything_in_reverse_order(layout):
    services.write_specs(layout, [ServiceSpec("one", SLEEPER), ServiceSpec("two", SLEEPER)])
    log = layout.log / "supervisor.log"
    with log.open("wb") as sink:
        process = subprocess.Popen([sys.executable, "-m", "bss_cli.supervise", str(layout.home)], stdout=sink)
    deadline = time.monotonic() + 10
    while [one.get("state") for one in services.states(layout).values()] != ["running", "running"]:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    pids = [one["pid"] for one in services.states(layout).values()]
    process.terminate()
    assert process.wait(10) == 0
    text = log.read_text()
    assert text.index("two: stopping") < text.index("one: stopping")
    assert [services.process_start(pid) for pid in pids] == ["", ""]
    assert services.supervisor_pid(layout) is None


def test_big_logs_are_packed_and_only_so_many_kept(tmp_path):
    log = tmp_path / "odoo.log"
    for number in range(5):
        log.write_text(f"{number} " + "x" * 100)
        rotate_logs([str(tmp_path / "*.log")], largest=50, kept=2)
    assert log.stat().st_size == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["odoo.log", "odoo.log.1.gz", "odoo.log.2.gz"]


def test_a_supervisor_of_other_code_is_outdated_and_one_of_this_code_is_not(layout, monkeypatch):
    assert not services.supervisor_is_outdated(layout)  # none runs
    process = subprocess.Popen(
        [sys.executable, "-m", "bss_cli.supervise", str(layout.home)], cwd=REPO, env={**os.environ},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 10
        while services.supervisor_pid(layout) is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert not services.supervisor_is_outdated(layout)
        monkeypatch.setattr(services, "supervisor_code", lambda: "changed")
        assert services.supervisor_is_outdated(layout)
    finally:
        process.terminate()
        process.wait(10)


def test_the_supervisors_mark_covers_what_it_loads():
    words = "import sys, bss_cli.supervise; print(*(name for name in sys.modules if name.startswith('bss_cli.')))"
    shown = subprocess.run([sys.executable, "-c", words], cwd=REPO, capture_output=True, text=True, check=True).stdout
    assert {name.partition(".")[2] for name in shown.split()} == set(services.SUPERVISOR_MODULES)
