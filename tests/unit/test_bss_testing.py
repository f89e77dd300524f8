"""What `./bss test` stands on: a PostgreSQL that is its own, and a choice of tests that is not empty."""

from types import SimpleNamespace

import pytest

from bss_cli import ports, test_bed, testing
from bss_cli.errors import BssError
from bss_cli.paths import Layout
from bss_cli.postgres import Cluster

READY = "4711\n/data\n1795723000\n15442\n/run\n127.0.0.1\n  18750123         0\n{}   \n"


@pytest.mark.parametrize(
    ("pid", "status", "ready"), [(4711, "ready", True), (4711, "starting", False), (4712, "ready", False)]
)
def test_only_the_server_that_was_started_is_waited_for(tmp_path, pid, status, ready):
    cluster = Cluster(tmp_path, None, 15442, "secret")
    assert not cluster._is_ready(pid), "it has said nothing yet"
    cluster.data.mkdir()
    (cluster.data / "postmaster.pid").write_text(READY.format(status))
    assert cluster._is_ready(pid) is ready


class Starts:
    """Stands for clusters: those on the first ports find them taken by another test bed."""

    def __init__(self, monkeypatch, taken, still_taken=True):
        self.tried = []
        monkeypatch.setattr(ports, "choose_port", lambda address, first: first + 10 * len(self.tried))
        monkeypatch.setattr(ports, "is_free", lambda address, port: not still_taken)
        monkeypatch.setattr(Cluster, "create", lambda cluster, log: None)
        monkeypatch.setattr(Cluster, "start", lambda cluster, log, extra: self._start(cluster.port, taken))

    def _start(self, port, taken):
        self.tried.append(port)
        if len(self.tried) <= taken:
            raise BssError("PostgreSQL does not answer.")
        return "running"


def begin(tmp_path):
    layout = SimpleNamespace(test=tmp_path, log=tmp_path)
    return test_bed._start_cluster(layout, None, "secret", {})


def test_a_port_that_another_bed_has_taken_meanwhile_is_left_to_it(tmp_path, monkeypatch):
    starts = Starts(monkeypatch, taken=2)
    cluster, process = begin(tmp_path)
    assert (cluster.port, process) == (15462, "running")
    assert starts.tried == [15442, 15452, 15462]


@pytest.mark.parametrize(("taken", "still_taken", "tries"), [(9, True, test_bed.PORT_TRIES), (9, False, 1)])
def test_a_server_that_does_not_start_is_told_of(tmp_path, monkeypatch, taken, still_taken, tries):
    starts = Starts(monkeypatch, taken, still_taken)
    with pytest.raises(BssError, match="does not answer"):
        begin(tmp_path)
    assert len(starts.tried) == tries


def test_words_that_choose_nothing_are_no_success(monkeypatch, capsys):
    monkeypatch.setattr(testing, "_install_python", lambda layout: None)
    monkeypatch.setattr(testing, "_bounded", lambda *rest: testing.PYTEST_NO_TESTS)
    with pytest.raises(BssError, match="No test of unit has 'nosuch' in its name"):
        testing.run(Layout.find(), ["unit"], "nosuch")
    assert "0 passed" in capsys.readouterr().out
