"""Changes in the database are live on the next call, without a restart; the bridge checks what it stands on."""

import subprocess
import sys

import psycopg
import pytest

from telecom_switch_bridge.ami.refresh import CACHES
from tests.support.daemon import REPO
from tests.support.until import until

ACME_PHONE = "n100001-101"


def answer(bench, endpoint=ACME_PHONE, dialled="02079460000"):
    line = bench.line()
    found = line.ask(endpoint, dialled)
    line.end(1)
    return found


def test_a_price_a_telephone_and_a_trunk_are_live_at_once(bench):
    demo = bench.demo
    assert answer(bench, dialled="0033140000000")["BSS_REASON"] == "no_rate"
    france = bench.db.insert("telecom_destination", name="France", network_type="fixed",
                             group_id=bench.db.value("select id from telecom_destination_group limit 1"))  # fmt: skip
    bench.db.insert("telecom_destination_prefix", prefix="33", destination_id=france)
    demo.rate(demo.wholesale, france, "0.05")
    until(lambda: answer(bench, dialled="0033140000000").get("BSS_REASON") == "no_route")
    demo.deck(demo.pacific, p33=20_000)
    dial = until(lambda: answer(bench, dialled="0033140000000").get("BSS_DIAL_1"))
    assert dial == f"PJSIP/007733140000000@trunk-{demo.pacific_trunk}"

    assert answer(bench, "n100001-103")["BSS_REASON"] == "unknown_phone"
    demo.phone(demo.acme, "103", "n100001-103")
    until(lambda: answer(bench, "n100001-103").get("BSS_DECISION") == "external")

    bench.db.all("update telecom_trunk set add_prefix = '9' where id = %s", demo.atlantic_trunk)
    until(lambda: answer(bench)["BSS_DIAL_1"] == f"PJSIP/9442079460000@trunk-{demo.atlantic_trunk}")
    bench.db.all("update telecom_trunk set active = false where id = %s", demo.atlantic_trunk)
    until(lambda: answer(bench)["BSS_DIAL_1"] == f"PJSIP/0077442079460000@trunk-{demo.pacific_trunk}")
    bench.db.all("update telecom_trunk set active = true, add_prefix = '' where id = %s", demo.atlantic_trunk)


def test_a_suspended_account_is_refused_at_once_and_comes_back(bench):
    demo = bench.demo
    for state, expected in (("suspended", "suspended"), ("active", None)):
        bench.db.all("update telecom_billing_account set state = %s where id = %s", state, demo.reseller)
        until(lambda wanted=expected: answer(bench).get("BSS_REASON") == wanted)


def test_a_running_call_keeps_the_price_that_it_was_granted(bench):
    demo, line = bench.demo, bench.line()
    line.ask(ACME_PHONE, "02079460000")
    bench.db.all("update telecom_rate set price = 9 where plan_id = %s and destination_id = %s",
                 demo.wholesale, demo.uk_fixed)  # fmt: skip
    until(lambda: answer(bench)["BSS_GRANT_S"] != "119.75")
    line.answer(1)
    line.hang_up(76)
    bench.settled(line.leg())
    assert bench.charges(line.leg()) == [(demo.acme, 43_800), (demo.reseller, 35_000)]
    bench.db.all("update telecom_rate set price = 0.02 where plan_id = %s and destination_id = %s",
                 demo.wholesale, demo.uk_fixed)  # fmt: skip


def test_changes_of_telephones_reach_asterisks_caches_and_the_extract(bench):
    populated = len(bench.ami.actions("SorceryMemoryCachePopulate"))
    bench.demo.phone(bench.demo.school, "302", "a100002-302")
    until(lambda: bench.ami.astdb.get("bss_ep/a100002-302") == str(bench.demo.school), seconds=8)
    assert bench.ami.astdb[f"bss_ext/{bench.demo.school}-302"] == "a100002-302"
    assert bench.ami.astdb["bss_did/442079460999"] == "n100001-101"
    assert f"bss_emergency/{bench.demo.acme}-112" in bench.ami.astdb
    until(lambda: len(bench.ami.actions("SorceryMemoryCachePopulate")) == populated + len(CACHES), seconds=8)
    bench.db.all("update telecom_phone set active = false where sip_username = 'a100002-302'")
    until(lambda: "bss_ep/a100002-302" not in bench.ami.astdb, seconds=8)


def test_explain_says_what_the_call_is_charged(bench):
    found = explain(bench, "n100001-101", "02079460000", "--seconds", "75", "--json")
    assert found.returncode == 0, found.stderr
    for text in ('"gross": "0.043800"', '"gross": "0.035000"', '"cost": "0.012500"', "default mark-up 25.000000 %"):
        assert text in found.stdout
    plain = explain(bench, "n100001-101", "02079460000", "--seconds", "75")
    assert "account N100001 of company 2 pays 0.043800 EUR (UK fixed)" in plain.stdout
    refused = explain(bench, "n100001-101", "0081312345678")
    assert refused.returncode == 1 and "refused: no_rate - " in refused.stdout and "remedy: " in refused.stdout
    assert explain(bench, "n100001-101", "1", "--seconds", "many").returncode == 2


def test_explain_takes_numbers_as_people_write_them_and_names_telephones_that_are_near(bench):
    spaced = explain(bench, "101", "(020) 7946-0000", "--seconds", "75")
    assert spaced.returncode == 0 and "pays 0.043800 EUR" in spaced.stdout
    ambiguous = explain(bench, "101", "+44 (0)20-7946 0000")
    assert ambiguous.returncode == 2 and "two ways" in ambiguous.stderr
    unknown = explain(bench, "n100001", "020 7946 0000")
    assert unknown.returncode == 1 and "did you mean: n100001-101" in unknown.stdout


def explain(bench, *words):
    return subprocess.run(
        [sys.executable, "-m", "telecom_switch_bridge", "explain", *words, "--config", str(bench.daemon.config)],
        capture_output=True, text=True, cwd=REPO, timeout=30, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("break_it", "mend_it", "complaint"),
    [
        (
            "create or replace view switch_v1_contract as select 2::int as version",
            "create or replace view switch_v1_contract as select 1::int as version",
            "the addons speak contract 2",
        ),
        (
            "revoke execute on function telecom_switch_reserve(jsonb, jsonb) from bss_bridge",
            "grant execute on function telecom_switch_reserve(jsonb, jsonb) to bss_bridge",
            "missing or closed to the bridge's role: telecom_switch_reserve",
        ),
    ],
)
def test_a_wrong_contract_or_right_is_said_and_the_last_catalogue_serves_on(bench, break_it, mend_it, complaint):
    bench.db.all(break_it)
    bench.db.end_connections()
    until(lambda: complaint in bench.daemon.log(), seconds=10)
    status, page = bench.daemon.health()
    assert status == 503 and complaint in page["catalogue_fault"]
    assert answer(bench, dialled="102")["BSS_DECISION"] == "internal"
    bench.db.all(mend_it)
    bench.daemon.until_healthy()


def test_the_bridges_role_may_not_touch_money_or_people_directly(bench):
    with psycopg.connect(bench.db.bridge_dsn(), autocommit=True) as connection:
        for statement in (
            "update telecom_wallet set balance_micro = 1",
            "select * from res_users",
            "delete from telecom_call_record",
            "select telecom_wallet_post(1, 'topup', 1, 'x', 'x', null::int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
