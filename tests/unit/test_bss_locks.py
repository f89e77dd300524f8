"""Two runs of ./bss on one runtime folder."""

import subprocess
import sys
import time

import pytest

from bss_cli.errors import BssError
from bss_cli.locks import exclusive
from bss_cli.paths import Layout

HOLDER = """
import sys, time
from pathlib import Path
from bss_cli.locks import exclusive
from bss_cli.paths import Layout
with exclusive(Layout(Path("."), Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold(tmp_path):
    started = []

    def start(seconds):
        argv = [sys.executable, "-c", HOLDER, str(tmp_path), str(seconds)]
        process = subprocess.Popen(argv, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout.readline() == b"held\n"

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_the_second_waits_for_the_first_and_says_so(hold, tmp_path, capsys):
    hold(0.5)
    began = time.monotonic()
    with exclusive(Layout(tmp_path, tmp_path)):
        assert time.monotonic() - began < 5
    assert "waiting for it" in capsys.readouterr().out


def test_waiting_has_an_end(hold, tmp_path):
    hold(30)
    with pytest.raises(BssError, match="busy with set-up"), exclusive(Layout(tmp_path, tmp_path), wait_s=0.3):
        pass


def test_another_kind_of_work_is_not_in_the_way(hold, tmp_path):
    hold(30)
    with exclusive(Layout(tmp_path, tmp_path), "tests", wait_s=0.3):
        pass
