"""`./bss test` or `./bss bench` told to end: what they run may tidy up."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INNER = """
import pathlib, sys, time
try:
    pathlib.Path(sys.argv[1]).write_text("begun")
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path(sys.argv[1]).write_text("tidied up")
"""
OUTER = """
import os, pathlib, sys
from bss_cli import testing
testing._bounded([sys.executable, "-c", sys.argv[1], sys.argv[2]], pathlib.Path("."), os.environ)
"""


def test_what_runs_may_tidy_up_when_we_are_told_to_end(tmp_path):
    told = tmp_path / "told"
    process = subprocess.Popen([sys.executable, "-c", OUTER, INNER, str(told)], cwd=ROOT)
    try:
        while not told.exists() or told.read_text() != "begun":
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    finally:
        process.kill()
    assert told.read_text() == "tidied up"
