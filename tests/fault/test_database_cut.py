"""The bridge loses PostgreSQL: charged calls are refused, free ones go on, nothing is lost."""

import time

from tests.support.until import until

ACME_PHONE = "n100001-101"


def test_a_database_that_goes_away_stops_charged_calls_only_and_loses_nothing(bench, proxy):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme)[0]
    line.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    populated = len(bench.ami.actions("SorceryMemoryCachePopulate"))
    proxy.down()
    try:
        began = time.monotonic()
        assert bench.line().ask(ACME_PHONE, "02079460000")["BSS_REASON"] == "unavailable"
        assert time.monotonic() - began < 3.5
        internal = bench.line()
        answer = internal.ask(ACME_PHONE, "102")
        assert (answer["BSS_DECISION"], answer["BSS_CALL_REF"]) == ("internal", f"silent.internal.{demo.acme}.102")
        assert bench.line().ask(ACME_PHONE, "999")["BSS_DECISION"] == "emergency"
        until(lambda: bench.daemon.health()[0] == 503)
        assert bench.daemon.health()[1]["database"] == "down"
        line.hang_up(76)
        internal.write("HANGUP", 9, internal.leg(), f"{answer['BSS_CALL_REF']}/1", '{""hangupcause"":16}')
        until(lambda: "journal_waits" in bench.daemon.log())
        assert len(bench.ami.actions("SorceryMemoryCachePopulate")) == populated
    finally:
        proxy.up()
    _, silent = bench.settled(line.leg(), internal.leg(), seconds=15)
    assert demo.balance(demo.acme) == (before - 43_800, 0)
    assert (silent["direction"], silent["account_id"], silent["company_id"]) == ("internal", demo.acme, demo.northwind)
    bench.daemon.until_healthy()
    after = bench.line()
    assert after.ask(ACME_PHONE, "02079460000")["BSS_DECISION"] == "external"
    after.end(1)


def test_a_database_that_refuses_connections_is_away_too(bench):
    demo, line = bench.demo, bench.line()
    line.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    bench.db.accept_connections(accept=False)
    try:
        bench.db.end_connections()
        until(lambda: bench.line().ask(ACME_PHONE, "02079460000").get("BSS_REASON") == "unavailable")
        line.hang_up(76)
        until(lambda: "journal_waits" in bench.daemon.log())
    finally:
        bench.db.accept_connections(accept=True)
    bench.settled(line.leg(), seconds=15)
    assert bench.charges(line.leg()) == [(demo.acme, 43_800), (demo.reseller, 35_000)]
    assert bench.db.all("select from telecom_journal_set_aside") == []
    bench.daemon.until_healthy()


def test_connections_broken_by_the_server_are_made_again_without_a_refused_call(bench):
    for _ in range(3):
        bench.db.end_connections()
        line = bench.line()
        assert line.ask(ACME_PHONE, "02079460000")["BSS_DECISION"] == "external"
        line.end(1)
    until(lambda: bench.reserved() == 0)
    bench.daemon.until_healthy()
