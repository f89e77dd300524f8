"""From the question to the ledger, on a real PostgreSQL: every level charged once, with the contract's amounts."""

import pytest

from tests.support.until import until

ACME_PHONE = "n100001-101"


def test_a_call_of_75_seconds_costs_what_the_contract_says(bench):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme), demo.balance(demo.reseller)
    answer = line.ask(ACME_PHONE, "02079460000")
    assert (answer["BSS_DECISION"], answer["BSS_GRANT_S"]) == ("external", "119.75")
    assert answer["BSS_DIAL_1"] == f"PJSIP/442079460000@trunk-{demo.atlantic_trunk}"
    assert demo.balance(demo.acme) == (before[0][0], 62_500)
    assert demo.balance(demo.reseller) == (before[1][0], 50_000)

    line.answer(3.25)
    line.hang_up(3.25 + 74.3)
    (record,) = bench.settled(line.leg())
    assert bench.charges(line.leg()) == [(demo.acme, 43_800), (demo.reseller, 35_000)]
    assert (record["answered_s"], record["duration_us"], record["disposition"]) == (75, 74_300_000, "answered")
    assert (record["carrier_id"], record["carrier_cost_micro"]) == (demo.atlantic, 12_500)
    assert demo.balance(demo.acme) == (before[0][0] - 43_800, 0)
    assert demo.balance(demo.reseller) == (before[1][0] - 35_000, 0)
    entry = bench.db.one(
        "select kind, amount_micro, idempotency_key from telecom_wallet_entry where account_id = %s"
        " order by id desc limit 1", demo.acme,
    )  # fmt: skip
    key = f"leg:{line.leg()}:outbound:{demo.acme}"
    assert entry == {"kind": "charge", "amount_micro": -43_800, "idempotency_key": key}
    assert bench.reserved() == 0 and bench.db.all("select from telecom_leg_open") == []


def test_the_same_question_again_gets_the_same_answer_and_reserves_once(bench):
    line = bench.line()
    first = line.ask(ACME_PHONE, "02079460000")
    assert line.ask(ACME_PHONE, "02079460000") == first
    assert bench.demo.balance(bench.demo.acme)[1] == 62_500
    line.end(2)
    until(lambda: bench.reserved() == 0)


def test_the_journal_delivered_three_times_charges_once(bench):
    demo, line = bench.demo, bench.line()
    line.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    line.hang_up(31)
    bench.settled(line.leg())
    balance = demo.balance(demo.acme)
    repeated = bench.daemon.metric("bss_legs_repeated_total")
    for _ in range(2):
        line.answer(1)
        line.hang_up(31)
    until(lambda: bench.daemon.metric("bss_legs_repeated_total") == repeated + 2)
    assert demo.balance(demo.acme) == balance == (balance[0], 0)
    assert len(bench.charges(line.leg())) == 2 and bench.db.all("select from telecom_leg_open") == []


def test_attempts_that_fail_are_free_and_the_carrier_that_answers_is_paid(bench):
    demo, line = bench.demo, bench.line()
    line.ask(ACME_PHONE, "02079460000")
    line.hang_up(1, cause=34, attempt=1, ends_call=False)
    line.answer(2, attempt=2)
    line.hang_up(62, attempt=2)
    failed, answered = bench.settled(line.leg(1), line.leg(2))
    assert (failed["disposition"], failed["carrier_id"], bench.charges(line.leg(1))) == ("failed", demo.atlantic, [])
    assert (answered["carrier_id"], answered["carrier_cost_micro"]) == (demo.pacific, 15_000)
    assert bench.charges(line.leg(2)) == [(demo.acme, 37_500), (demo.reseller, 30_000)]


@pytest.mark.parametrize(("cause", "disposition"), [(17, "busy"), (19, "no_answer"), (0, "cancelled")])
def test_a_call_that_nobody_answers_costs_nothing_and_gives_everything_back(bench, cause, disposition):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme)
    line.ask(ACME_PHONE, "02079460000")
    line.hang_up(5, cause=cause)
    (record,) = bench.settled(line.leg())
    until(lambda: bench.reserved() == 0)
    assert (record["disposition"], record["hangup_cause"], bench.charges(line.leg())) == (disposition, cause, [])
    assert demo.balance(demo.acme) == before


def test_a_refused_call_leaves_nothing(bench):
    empty = bench.demo.open_account("A100009", bench.demo.owner, plan=bench.demo.direct)
    bench.demo.phone(empty, "401", "a100009-401")
    line = bench.line()
    until(lambda: line.ask("a100009-401", "02079460000")["BSS_REASON"] == "no_credit")
    assert line.ask("a100009-401", "0033140000000")["BSS_REASON"] == "no_rate"
    assert line.ask("a100009-401", "*1")["BSS_REASON"] == "bad_number"
    assert line.ask("stranger", "02079460000")["BSS_REASON"] == "unknown_phone"
    assert bench.reserved() == 0 and bench.demo.balance(empty) == (0, 0)


def test_a_short_purse_is_used_up_and_never_overspent(bench):
    demo = bench.demo
    short = demo.open_account("A100010", demo.owner, plan=demo.direct)
    demo.phone(short, "501", "a100010-501")
    demo.top_up(short, 20_000, "short")  # 0.02 at 0.03 a minute: 40 s
    line = bench.line()
    until(lambda: line.ask("a100010-501", "02079460000")["BSS_DECISION"] == "external")
    assert line.ask("a100010-501", "02079460000")["BSS_GRANT_S"] == "39.75"
    assert demo.balance(short) == (20_000, 20_000)
    line.answer(1)
    line.hang_up(1 + 41.9)  # Asterisk was late: nobody is charged beyond the grant
    bench.settled(line.leg())
    assert demo.balance(short) == (0, 0)
    assert bench.daemon.metric("bss_seconds_beyond_grant_total") == 2


def test_internal_inbound_and_emergency_calls_are_recorded_free(bench):
    demo = bench.demo
    internal, emergency, inbound = bench.line(), bench.line(), bench.line()
    assert internal.ask(ACME_PHONE, "102")["BSS_DIAL_1"] == "PJSIP/n100001-102"
    assert emergency.ask(ACME_PHONE, "112")["BSS_DECISION"] == "emergency"
    answer = inbound.ask(f"trunk-{demo.atlantic_trunk}", "442079460999", question="route_inbound", cli="4930123")
    assert (answer["BSS_DIAL_1"], answer["BSS_CLI"]) == ("PJSIP/n100001-101", "4930123")
    for line in (internal, emergency):
        line.answer(1)
        line.hang_up(11)
    inbound.write("ANSWER", 1, inbound.caller, f"{inbound.call_ref}/in")
    inbound.write("HANGUP", 8, inbound.caller, f"{inbound.call_ref}/in", '{""hangupcause"":16}')
    records = bench.settled(internal.leg(), emergency.leg(), inbound.caller)
    assert [record["direction"] for record in records] == ["internal", "emergency", "inbound"]
    assert [record["answered_s"] for record in records] == [10, 10, 7]
    assert {record["account_id"] for record in records} == {demo.acme}
    assert bench.reserved() == 0


def test_tax_is_charged_on_the_exact_net(bench):
    demo = bench.demo
    tax = bench.db.insert(
        "account_tax", name='{"en_US": "VAT 20"}', amount_type="percent", type_tax_use="sale", amount=20,
        company_id=demo.owner, country_id=demo.britain, active=True,
        tax_group_id=bench.db.insert("account_tax_group", name='{"en_US": "VAT"}', company_id=demo.owner),
    )  # fmt: skip
    taxed = demo.open_account("A100011", demo.owner, plan=demo.direct, tax=tax)
    demo.phone(taxed, "601", "a100011-601")
    demo.top_up(taxed, 1_000_000, "taxed")
    line = bench.line()
    until(lambda: line.ask("a100011-601", "02079460000")["BSS_DECISION"] == "external")
    line.answer(1)
    line.hang_up(2)  # one second: exact net 0.0005, rounded 0.0005
    bench.settled(line.leg())
    charge = bench.db.one(
        "select net_micro, tax_micro, gross_micro from telecom_call_charge where leg_uniqueid = %s", line.leg()
    )
    assert charge == {"net_micro": 500, "tax_micro": 100, "gross_micro": 600}
    assert demo.balance(taxed) == (999_400, 0)
