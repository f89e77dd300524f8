"""Limits of concurrent calls on a real PostgreSQL: two bridges, one last place; crashes; trunks that are full."""

import json
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.support.daemon import REPO, Daemon, Line
from tests.support.until import until

ACME_PHONE, SCHOOL_PHONE = "n100001-101", "a100002-301"
NUMBER = "02079460000"


@pytest.fixture(scope="module")
def second(bench, tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("second"), bench.db.bridge_dsn(), bench.ami, node="b")
    daemon.start()
    yield daemon
    daemon.close()


@pytest.fixture
def limit(bench, request):
    """Set a limit and wait until every bridge has read it; taken away at the end."""
    daemons = [bench.daemon]
    if "second" in request.fixturenames:
        daemons.append(request.getfixturevalue("second"))
    undo = []

    def change(table, row, **values):
        seen = [daemon.log().count("action=catalogue_loaded") for daemon in daemons]
        for name, value in values.items():
            bench.db.all(f"update {table} set {name} = %s where id = %s", value, row)  # noqa: S608  names of ours
        for daemon, before in zip(daemons, seen, strict=True):
            until(lambda d=daemon, b=before: d.log().count("action=catalogue_loaded") > b)

    def setter(table, row, **values):
        undo.append((table, row, dict.fromkeys(values)))
        change(table, row, **values)

    yield setter
    for table, row, values in undo:
        change(table, row, **values)
    bench.ami.channels.clear()


def end_all(bench, lines):
    for line in lines:
        line.end(1)
    until(lambda: bench.reserved() == 0)
    assert living(bench) == {} == rows_counted(bench)


def living(bench):
    """Calls that count, by name; and of those names that ever had a limit, the rows that count them."""
    return {row["counted_on"]: row["living"] for row in bench.db.all("select * from switch_v1_call_count")}


def rows_counted(bench):
    rows = bench.db.all("select counted_on, count(*) as calls from telecom_call_counted group by 1")
    return {row["counted_on"]: row["calls"] for row in rows}


def ask(line, endpoint=ACME_PHONE):
    return line.ask(endpoint, NUMBER)


def test_two_bridges_give_the_last_places_once(bench, second, limit):
    """40 callers at both bridges at the same moment, 7 places: 7 calls, every time."""
    limit("telecom_billing_account", bench.demo.reseller, max_calls_outbound=7)
    for _ in range(3):
        lines = [Line(daemon) for daemon in (bench.daemon, second) for _ in range(20)]
        gate = threading.Barrier(len(lines))

        def call(line, gate=gate):
            gate.wait(10)
            return ask(line)

        with ThreadPoolExecutor(len(lines)) as pool:
            answers = list(pool.map(call, lines))
        decisions = [answer["BSS_DECISION"] for answer in answers]
        assert decisions.count("external") == 7 and decisions.count("refused") == 33
        assert {answer["BSS_REASON"] for answer in answers if answer["BSS_DECISION"] == "refused"} == {"too_many_calls"}
        assert bench.reserved() == 7
        end_all(bench, lines)
    assert bench.daemon.metric('bss_calls_refused_total{question="authorise_call",reason="too_many_calls"}') > 0


def test_calls_count_until_their_end_whatever_dies_in_between(bench, limit):
    limit("telecom_billing_account", bench.demo.acme, max_calls_outbound=2)
    first, second_line = bench.line(), bench.line()
    assert [ask(line)["BSS_DECISION"] for line in (first, second_line)] == ["external"] * 2
    first.answer(1)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", first.leg()))
    bench.daemon.stop(signal.SIGKILL)
    bench.daemon.start()
    third = bench.line()
    assert ask(third)["BSS_REASON"] == "too_many_calls"
    bench.daemon.stop(signal.SIGKILL)
    second_line.end(2)  # hung up while no bridge was there
    bench.daemon.start()
    until(lambda: bench.reserved() == 1)
    assert ask(bench.line())["BSS_DECISION"] == "external"
    first.hang_up(3)
    bench.settled(first.leg())
    bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")
    assert living(bench) == {} == rows_counted(bench)


def test_a_limit_that_is_set_later_counts_the_calls_that_run_already(bench, limit):
    lines = [bench.line() for _ in range(3)]
    assert {ask(line)["BSS_DECISION"] for line in lines} == {"external"}
    limit("telecom_billing_account", bench.demo.acme, max_calls_outbound=3)
    assert ask(bench.line())["BSS_REASON"] == "too_many_calls"
    assert bench.line().ask(ACME_PHONE, "102")["BSS_DECISION"] == "internal"
    assert bench.line().ask(ACME_PHONE, "112")["BSS_DECISION"] == "emergency"
    assert ask(bench.line(), SCHOOL_PHONE)["BSS_DECISION"] == "external"
    lines[0].end(1)
    until(lambda: bench.reserved() == 5)
    assert ask(bench.line())["BSS_DECISION"] == "external"
    bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")


def test_calls_in_are_limited_by_account_and_number(bench, limit):
    demo = bench.demo

    def bring():
        line = bench.line()
        return line, line.ask(f"trunk-{demo.atlantic_trunk}", "442079460999", question="route_inbound", cli="4930123")

    for table, row in (("telecom_number", demo.number), ("telecom_billing_account", demo.reseller)):
        limit(table, row, max_calls_inbound=1)
        line, answer = bring()
        assert answer["BSS_DECISION"] == "internal"
        assert bring()[1]["BSS_REASON"] == "too_many_calls"
        assert ask(bench.line())["BSS_DECISION"] == "external"  # calls out are another matter
        line.end(1)
        until(lambda: not any(name.startswith("in:") for name in living(bench)))
        again, answer = bring()
        assert answer["BSS_DECISION"] == "internal"
        again.end(1)
        bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")


def test_a_full_trunk_is_skipped_and_taken_again_when_a_channel_is_free(bench, limit):
    demo = bench.demo
    limit("telecom_trunk", demo.atlantic_trunk, max_channels=1)
    first, other = bench.line(), bench.line()
    assert ask(first)["BSS_ROUTES"] == "2"
    answer = ask(other)
    assert (answer["BSS_ROUTES"], answer["BSS_CARRIER_1"]) == ("1", str(demo.pacific))
    assert answer == ask(other)  # the stored terms have the same one route

    first.hang_up(1, cause=34, attempt=1, ends_call=False)  # it fails over: its channel is free for somebody else
    until(lambda: living(bench).get(f"trunk:{demo.pacific_trunk}") == 2)
    assert f"trunk:{demo.atlantic_trunk}" not in living(bench) | rows_counted(bench)
    assert ask(bench.line())["BSS_CARRIER_1"] == str(demo.atlantic)

    other.answer(2)
    other.hang_up(32)
    (record,) = bench.settled(other.leg())
    assert (record["carrier_id"], record["carrier_cost_micro"]) == (demo.pacific, 7_500)
    bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")


def test_a_call_that_fails_over_takes_a_channel_of_the_trunk_it_goes_on_to(bench, limit):
    """That trunk has its limit already: the one channel is taken by a call that began on another trunk."""
    demo = bench.demo
    limit("telecom_trunk", demo.pacific_trunk, max_channels=1)
    pacific, first, other = f"trunk:{demo.pacific_trunk}", bench.line(), bench.line()
    assert ask(first)["BSS_ROUTES"] == "2"
    assert pacific not in living(bench) | rows_counted(bench)
    first.hang_up(1, cause=34, attempt=1, ends_call=False)
    until(lambda: rows_counted(bench).get(pacific) == 1)
    assert living(bench)[pacific] == 1
    answer = ask(other)
    assert (answer["BSS_ROUTES"], answer["BSS_CARRIER_1"]) == ("1", str(demo.atlantic))
    first.hang_up(2, cause=34, attempt=2)
    end_all(bench, [other])
    again = bench.line()
    assert ask(again)["BSS_ROUTES"] == "2"
    end_all(bench, [again])


def test_when_all_trunks_are_full_all_lines_are_busy_but_help_is_reached(bench, limit):
    demo = bench.demo
    for trunk in (demo.atlantic_trunk, demo.pacific_trunk):
        limit("telecom_trunk", trunk, max_channels=1)
    lines = [bench.line(), bench.line()]
    assert {ask(line)["BSS_DECISION"] for line in lines} == {"external"}
    assert ask(bench.line())["BSS_REASON"] == "no_route"
    assert bench.line().ask(ACME_PHONE, "999")["BSS_DECISION"] == "emergency"
    inbound = bench.line().ask(f"trunk-{demo.atlantic_trunk}", "442079460999", question="route_inbound", cli="1")
    assert inbound["BSS_REASON"] == "too_many_calls"
    bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")


def test_explain_shows_the_limits_and_what_is_full(bench, limit):
    demo, line = bench.demo, bench.line()
    limit("telecom_trunk", demo.atlantic_trunk, max_channels=1)
    limit("telecom_billing_account", demo.reseller, max_calls_outbound=2)
    ask(line)
    told = explain(bench)
    for text in (
        f"limit out:account:{demo.reseller}: 1 of 2 in use",
        f"limit trunk:{demo.atlantic_trunk}: 1 of 1 in use",
        f"not tried: trunk-{demo.atlantic_trunk} (no free channel)",
        "1. Pacific Carrier",
    ):
        assert text in told
    limit("telecom_billing_account", demo.reseller, max_calls_outbound=1)
    told = explain(bench)
    assert "refused: too_many_calls" in told and f"(full: out:account:{demo.reseller}" in told
    end_all(bench, [line])


def explain(bench):
    command = [sys.executable, "-m", "telecom_switch_bridge", "explain", ACME_PHONE, NUMBER]
    found = subprocess.run(
        [*command, "--config", str(bench.daemon.config)], capture_output=True, text=True, cwd=REPO, timeout=30,
        check=False,
    )  # fmt: skip
    return found.stdout + found.stderr


def test_new_calls_per_second_are_limited(bench, limit):
    limit("telecom_billing_account", bench.demo.acme, max_calls_per_second=3)
    began = time.monotonic()
    answers = [ask(bench.line()) for _ in range(12)]
    allowed = [answer for answer in answers if answer["BSS_DECISION"] == "external"]
    assert 3 <= len(allowed) <= 3 + 3 * (time.monotonic() - began)
    assert {answer.get("BSS_REASON") for answer in answers} == {None, "too_many_calls"}
    time.sleep(0.5)
    assert ask(bench.line())["BSS_DECISION"] == "external"
    bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")


def requests_of(refs, account, most, routes=(), amount=1):
    calls = [
        {"call_ref": ref, "node": "x", "channel": ref, "accounts": [account], "amounts": [amount], "granted_s": 1,
         "frozen": {"routes": [trunk for trunk, _ in routes]},
         "counted_on": [f"out:account:{account}", *[trunk for trunk, _ in routes[:1]]]}
        for ref in refs
    ]  # fmt: skip
    counts = [{"on": [[f"out:account:{account}", most]], "routes": routes} for _ in refs]
    is_limited = any(limit is not None for limit in (most, *[limit for _, limit in routes]))
    return json.dumps(calls), json.dumps(counts) if is_limited else None


def reserve(connection, *wanted):
    return connection.execute("select telecom_switch_reserve(%s::jsonb, %s::jsonb)", wanted).fetchone()[0]


def test_a_batch_is_decided_call_by_call_in_order(bench):
    demo = bench.demo
    with psycopg.connect(bench.db.bridge_dsn(), autocommit=True) as connection:
        wanted = requests_of(["q1", "q2", "q1", "q3"], demo.acme, 2, [["trunk:91", 1], ["trunk:92", None]])
        answers = reserve(connection, *wanted)
        assert [answer["outcome"] for answer in answers] == ["taken", "taken", "repeated", "full"]
        assert [answer.get("routes") for answer in answers] == [None, [1], None, None]
        assert answers[3] == {"call_ref": "q3", "outcome": "full", "full": [f"out:account:{demo.acme}"]}
        rows = bench.db.all("select call_ref, frozen from telecom_reservation order by 1")
        assert [(row["call_ref"], row["frozen"]["routes"]) for row in rows] == [
            ("q1", ["trunk:91", "trunk:92"]), ("q2", ["trunk:92"]),
        ]  # fmt: skip
        assert reserve(connection, *requests_of(["q4"], demo.acme, None)) == [
            {"call_ref": "q4", "outcome": "taken", "granted_s": 1}
        ]
        (short,) = reserve(connection, *requests_of(["q5"], demo.acme, 9, amount=10**12))
        assert short["outcome"] == "short"
        assert reserve(connection, "[]", "[]") == []
    assert living(bench) == {f"out:account:{demo.acme}": 3, "trunk:91": 1, "trunk:92": 1}
    assert rows_counted(bench) == {f"out:account:{demo.acme}": 3, "trunk:91": 1}  # 92 never had a limit
    bench.db.all("select telecom_wallet_release(array['q1', 'q2', 'q4'])")
    assert living(bench) == {} == rows_counted(bench)


def test_the_first_limit_of_a_name_waits_for_calls_that_are_being_authorised(bench):
    """Two transactions: one counts on a name without a limit, the other comes with the first limit it ever had."""
    demo, dsn = bench.demo, bench.db.bridge_dsn()
    free, limited = (
        requests_of([ref], demo.acme, None, [["trunk:93", most]]) for ref, most in (("w1", None), ("w2", 1))
    )
    with psycopg.connect(dsn) as early, psycopg.connect(dsn, autocommit=True) as late, ThreadPoolExecutor(1) as pool:
        reserve(early, *free)
        answer = pool.submit(reserve, late, *limited)
        waits = "select from pg_locks where locktype = 'advisory' and not granted and pid = %s"
        until(lambda: bench.db.all(waits, late.info.backend_pid))
        early.commit()
        assert answer.result(5)[0]["full"] == ["trunk:93"]
        assert rows_counted(bench)["trunk:93"] == 1
        late.execute("select telecom_wallet_release(array['w1'])")
        assert reserve(late, *limited)[0]["outcome"] == "taken"
    bench.db.all("select telecom_wallet_release(array['w2'])")
    assert living(bench) == {} == rows_counted(bench)


def test_nobody_else_may_count(bench):
    with psycopg.connect(bench.db.bridge_dsn(), autocommit=True) as connection:
        for statement in (
            "insert into telecom_call_counted values ('trunk:1', 'x')",
            "select telecom_switch_living('{}')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
