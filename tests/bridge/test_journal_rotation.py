"""The real bridge renames its journal, is killed around that, and every leg is charged once."""

import signal
from collections.abc import Iterator

import pytest

from tests.support.daemon import Bench, Daemon
from tests.support.demo_rows import Demo
from tests.support.fake_ami import FakeAmi
from tests.support.until import until

ACME_PHONE = "n100001-101"
LINES_OF_A_MB = 12_000


@pytest.fixture
def small(demo: Demo, ami: FakeAmi, tmp_path) -> Iterator[Bench]:
    """A bridge that renames its journal at 1 MB."""
    daemon = Daemon(tmp_path, demo.db.bridge_dsn(), ami, journal="rotate_mb = 1\n")
    daemon.start()
    yield Bench(demo, ami, daemon)
    daemon.close()


def renamed(daemon: Daemon) -> list:
    return sorted(daemon.journal.parent.glob("a-legs-*Z.csv"))


def test_legs_before_over_and_after_a_rename_are_charged_once_though_the_bridge_is_killed(small):
    before, over, after = small.line(), small.line(), small.line()
    for line in (before, over):
        line.ask(ACME_PHONE, "02079460000")
        line.answer(1)
    before.hang_up(31)
    small.daemon.stop(signal.SIGKILL)
    other = before.text("CHAN_END", 32, before.caller, "") + "\n"
    over.raw(other * LINES_OF_A_MB)
    small.daemon.start()
    (old,) = until(lambda: renamed(small.daemon), seconds=20, reason="a renamed journal")
    small.daemon.stop(signal.SIGKILL)  # nothing of a newer file is committed
    over.hang_up(31)
    small.daemon.start()
    after.ask(ACME_PHONE, "02079460000")
    after.answer(1)
    after.hang_up(31)
    small.settled(before.leg(), over.leg(), after.leg())
    for line in (before, over, after):
        assert small.charges(line.leg())[0] == (small.demo.acme, 25_000)
    assert renamed(small.daemon) == [old] and small.daemon.journal.stat().st_size < 20_000
    assert small.demo.db.all("select * from telecom_journal_set_aside") == []
    until(lambda: small.reserved() == 0, seconds=8, reason="no reservation left")
