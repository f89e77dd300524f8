"""Asterisk dies with calls on it: they end where it was last known to live."""

import time

from tests.support.until import until

ACME_PHONE = "n100001-101"


def test_legs_lost_with_their_asterisk_end_at_its_last_sign_of_life(bench):
    demo = bench.demo
    now = int(time.time())
    line = bench.line(begun=now - 60)
    line.ask(ACME_PHONE, "02079460000")
    line.answer(0)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    time.sleep(5.5)  # a heartbeat sees it alive
    bench.ami.stop()
    bench.ami.channels.clear()
    bench.ami.uptime_s = 0
    bench.ami.start()
    (record,) = bench.settled(line.leg(), seconds=15)
    assert record["terms"]["note"] == "ended by sweep"
    assert 60 <= record["answered_s"] <= 70
    (acme, gross_micro), _ = bench.charges(line.leg())
    assert acme == demo.acme and 37_500 <= gross_micro <= 41_700
    assert bench.db.all("select from telecom_leg_open") == []
