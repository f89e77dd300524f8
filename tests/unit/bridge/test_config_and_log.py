"""Settings that name what is wrong with them, and log lines that no peer can break."""

import re
import subprocess
import sys

import pytest

from telecom_switch_bridge.config import load_settings
from telecom_switch_bridge.errors import SetupWrong
from telecom_switch_bridge.observe.log import line
from telecom_switch_bridge.observe.metrics import Metrics

WHOLE = """
node = "a"
dsn = "postgresql://bss_bridge:pw@127.0.0.1/bss"
[agi]
host = "127.0.0.1"
port = 4573
[ami]
host = "127.0.0.1"
port = 5038
username = "bss"
secret = "s"
[ari]
url = "http://127.0.0.1:8088/ari"
username = "bss"
password = "p"
[journal]
path = "/x/legs.csv"
[metrics]
host = "127.0.0.1"
port = 9173
"""


def load(tmp_path, text):
    path = tmp_path / "bridge.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_a_whole_file_is_read_and_shows_no_secret(tmp_path):
    settings = load(tmp_path, WHOLE)
    assert (settings.node, settings.agi.port, settings.grants.default_s, settings.grants.extend_below_s) == (
        "a", 4573, 120, 20,
    )  # fmt: skip
    assert "pw" not in repr(settings) and "'s'" not in repr(settings)
    short = load(tmp_path, WHOLE + "[grants]\ndefault_s = 6\nextend_below_s = 3\n")
    assert (short.grants.default_s, short.grants.extend_below_s) == (6, 3)
    assert (settings.rotation.rotate_bytes, settings.rotation.keep_days) == (64 * 1024 * 1024, 90)
    small = load(tmp_path, WHOLE.replace("[metrics]", "rotate_mb = 2\nkeep_days = 7\n[metrics]"))
    assert (small.rotation.rotate_bytes, small.rotation.keep_days) == (2 * 1024 * 1024, 7)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('node = "a"', "", "node is missing"),
        ('node = "a"', "node = 7", "node must be a text"),
        ("port = 5038", "", "ami.port is missing"),
        ("port = 5038", "port = 70000", "ami.port must be a port number, not 70000"),
        ("port = 5038", 'port = "5038"', "ami.port must be a port number"),
        ("[journal]", "[diary]", "journal.path is missing"),
        ('secret = "s"', "secret = ", "is not TOML"),
        (
            "[metrics]",
            "rotate_mb = 0\n[metrics]",
            "journal.rotate_mb must be a whole number of MB from 1 to 4096, not 0",
        ),
        ("[metrics]", 'keep_days = "x"\n[metrics]', "journal.keep_days must be a whole number of days"),
        ("[metrics]", "[grants]\ndefault_s = 0\n[metrics]", "grants.default_s must be a whole number"),
        ("[metrics]", "[grants]\nextend_below_s = 120\n[metrics]", "must be less than grants.default_s"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path, old, new, complaint):
    with pytest.raises(SetupWrong, match=r"bridge\.toml: ") as caught:
        load(tmp_path, WHOLE.replace(old, new))
    assert complaint in str(caught.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(SetupWrong, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_a_log_line_stays_one_line_whatever_a_peer_sends():
    text = line(
        "call", {"call_ref": "a-1.0-1", "dialled": 'x\n2026 action=fake "', "gross_micro": [1, 2], "none": None}
    )
    assert text == 'action=call call_ref=a-1.0-1 dialled="x\\n2026 action=fake \\"" gross_micro=1,2'
    assert len(line("call", {"dialled": "9" * 5000})) < 400


def test_every_line_has_the_same_form_whoever_writes_it():
    script = (
        "import logging; from telecom_switch_bridge.observe.log import Log, set_up_logging\n"
        "set_up_logging('INFO'); Log('call').debug('hidden'); Log('call').info('ours', n=1)\n"
        "logging.getLogger('asyncpg').warning('theirs')\n"
        "try: 1 / 0\nexcept ZeroDivisionError: Log('call').crash('failed')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    ours, theirs, failed, *traceback = done.stderr.splitlines()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(f"{stamp} INFO bss.call action=ours n=1", ours)
    assert re.fullmatch(f"{stamp} WARNING asyncpg theirs", theirs)
    assert re.fullmatch(f"{stamp} ERROR bss.call action=failed", failed) and traceback


def test_lines_of_one_turn_leave_together_and_in_order():
    script = (
        "import asyncio, logging, os\nfrom telecom_switch_bridge.observe.log import Log, set_up_logging\n"
        "log = Log('call')\nasync def turns():\n"
        "    log.info('one'); log.info('two'); logging.getLogger('asyncpg').warning('three')\n"
        "    log.info('four'); log.error('five'); log.info('six'); os.write(2, b'-- end of turn\\n')\n"
        "    await asyncio.sleep(0)\n    log.info('lost'); os._exit(0)\n"
        "set_up_logging('INFO'); asyncio.run(turns())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    told = [line.rpartition(" ")[2].removeprefix("action=") for line in done.stderr.splitlines()]
    assert told == ["one", "two", "three", "four", "five", "turn", "six"]


def test_metrics_are_written_as_prometheus_reads_them():
    metrics = Metrics()
    metrics.declare("calls_total", "Calls")
    metrics.count("calls_total", reason="no_rate")
    metrics.gauge("lag", "Lag", lambda: 3)
    metrics.histogram("seconds", "Time").observe(0.003)
    text = metrics.render()
    assert '# HELP calls_total Calls\n# TYPE calls_total counter\ncalls_total{reason="no_rate"} 1\n' in text
    assert "# TYPE lag gauge\nlag 3\n" in text
    assert 'seconds_bucket{le="0.0025"} 0\nseconds_bucket{le="0.005"} 1\n' in text and "seconds_count 1\n" in text
