"""Price terms are kept once and named by their key; whoever reads a call finds them, and nothing is charged without."""

import signal
from contextlib import contextmanager

import psycopg
import psycopg.types.json
import pytest

from tests.support.until import until

ACME_PHONE, NUMBER = "n100001-101", "02079460000"
CHARGES_MICRO = [43_800, 35_000]  # of 75 s


@contextmanager
def changeable(db):
    """Terms can be taken away, as a server does that lost what it had committed."""
    db.all("alter table telecom_call_terms disable trigger user")
    yield
    db.all("alter table telecom_call_terms enable trigger user")


def kept(bench):
    return bench.db.value("select count(*) from telecom_call_terms")


def charged(bench, line):
    """Amounts of a call of 75 seconds that was asked for before."""
    line.answer(1)
    line.hang_up(76)
    bench.settled(line.leg())
    return [amount for _, amount in bench.charges(line.leg())]


def test_calls_name_their_terms_and_share_them(bench):
    first, second = bench.line(), bench.line()
    first.ask(ACME_PHONE, NUMBER)
    frozen = bench.db.value("select frozen from telecom_reservation where call_ref = %s", first.call_ref)
    tariffs = [part["tariff"] for part in (*frozen["levels"], *frozen["routes"])]
    assert all(isinstance(tariff, str) for tariff in tariffs)
    assert charged(bench, first) == CHARGES_MICRO
    before = kept(bench)
    second.ask(ACME_PHONE, NUMBER)
    assert charged(bench, second) == CHARGES_MICRO and kept(bench) == before
    named = bench.db.all(
        "select distinct c.level, c.terms ->> 'tariff' as key, t.terms -> 'bands' as bands from telecom_call_charge c"
        " join telecom_call_terms t on t.key = (c.terms ->> 'tariff')::uuid where c.leg_uniqueid = any(%s) order by 1",
        [first.leg(), second.leg()],
    )
    assert [row["level"] for row in named] == [0, 1] and all(row["bands"] for row in named)


def test_pages_show_the_terms_themselves(bench):
    line = bench.line()
    line.ask(ACME_PHONE, NUMBER)
    line.answer(1)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    living = bench.db.one("select * from telecom_live_call_page where call_ref = %s", line.call_ref)
    assert all(living[part]["tariff"]["bands"] for part in ("customer", "owner", "route"))
    assert charged(bench, line) == CHARGES_MICRO
    query = "select carrier_tariff_json from telecom_call_record_view where leg_uniqueid = %s"
    assert bench.db.value(query, line.leg())["bands"]


def test_a_bridge_that_has_just_begun_charges_by_terms_that_it_reads(bench):
    line = bench.line()
    answer = line.ask(ACME_PHONE, NUMBER)
    bench.daemon.stop(signal.SIGKILL)
    bench.daemon.start()
    assert line.ask(ACME_PHONE, NUMBER) == answer  # the stored answer, with its routes
    assert charged(bench, line) == CHARGES_MICRO


def test_terms_that_another_server_does_not_have_are_kept_again(bench):
    with changeable(bench.db):
        bench.db.all("delete from telecom_call_terms")
    bench.db.end_connections()
    line = bench.line()
    assert line.ask(ACME_PHONE, NUMBER)["BSS_DECISION"] == "external"
    assert kept(bench) > 0
    assert charged(bench, line) == CHARGES_MICRO


def test_a_call_whose_terms_are_gone_is_set_aside_with_their_key_and_not_charged(bench):
    line = bench.line()
    line.ask(ACME_PHONE, NUMBER)
    bench.daemon.stop(signal.SIGKILL)  # what it knew is lost
    lost = bench.db.all("select key, terms from telecom_call_terms")
    with changeable(bench.db):
        bench.db.all("delete from telecom_call_terms")
    bench.daemon.start()
    line.answer(1)
    line.hang_up(76)
    query = "select reason from telecom_journal_set_aside where line like %s"
    aside = until(lambda: bench.db.all(query, f"%{line.leg()}%"))
    assert any("no terms have the key" in row["reason"] for row in aside) and bench.charges(line.leg()) == []
    for row in lost:
        bench.db.all(
            "insert into telecom_call_terms (key, terms) values (%s, %s) on conflict do nothing",
            row["key"], psycopg.types.json.Jsonb(row["terms"]),
        )  # fmt: skip
    bench.db.all("select telecom_wallet_release(array(select call_ref from telecom_reservation))")
    bench.db.all("delete from telecom_journal_set_aside")


@pytest.mark.parametrize("change", ["update telecom_call_terms set terms = '{}'", "delete from telecom_call_terms"])
def test_terms_are_never_changed(bench, change):
    line = bench.line()
    line.ask(ACME_PHONE, NUMBER)
    assert charged(bench, line) == CHARGES_MICRO
    with pytest.raises(psycopg.Error, match="never changed"):
        bench.db.all(change)
