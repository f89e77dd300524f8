"""A customer below five resellers: six accounts, each charged its own price, frozen when the call was authorised."""

import pytest

from tests.support.tower import Tower
from tests.support.until import until

CALLED = "02079460000"
GROSS_75_S = [145_500, 72_800, 48_500, 46_200, 38_500, 35_000]
"""Customer first. Wholesale: 0.01 + 75 s at 0.02 a minute = 0.0350; then +10 %, +20 %, +5 %, +50 % and +100 % on the
prices, each sum half up at 4 decimals: 0.0385, 0.0462, 0.04851, 0.072765, 0.14553."""
INBOUND_90_S = [37_400, 18_700, 12_500, 11_900, 9_900, 9_000]
"""0.006 a minute at the top: 0.0090, 0.0099, 0.01188, 0.012474, 0.018711, 0.037422."""


@pytest.fixture(scope="module")
def tower(bench):
    made = Tower(bench.demo, "SIX")
    line = bench.line()
    until(lambda: line.ask(made.endpoint, CALLED).get("BSS_DECISION") == "external")
    line.end(1)
    until(lambda: bench.reserved() == 0)
    return made


def change(bench, query, *values):
    """Change something as staff would; return when the bridge has read it."""
    before = bench.daemon.log().count("action=catalogue_loaded")
    bench.db.all(query, *values)
    until(lambda: bench.daemon.log().count("action=catalogue_loaded") > before)


def gross(bench, leg):
    return [amount for _, amount in bench.charges(leg)]


def call(bench, tower, seconds=75):
    """A whole call; what each level paid."""
    line = bench.line()
    assert line.ask(tower.endpoint, CALLED)["BSS_DECISION"] == "external"
    line.answer(1)
    line.hang_up(1 + seconds)
    bench.settled(line.leg())
    return gross(bench, line.leg())


def test_six_accounts_are_charged_their_own_prices(bench, tower):
    before = [bench.demo.balance(account) for account in tower.accounts]
    line = bench.line()
    line.ask(tower.endpoint, CALLED)
    reserved = [bench.demo.balance(account)[1] for account in tower.accounts]
    assert reserved == [207_900, 104_000, 69_300, 66_000, 55_000, 50_000]  # 120 s: never less than will be charged
    line.answer(2)
    line.hang_up(2 + 75)
    (record,) = bench.settled(line.leg())
    assert bench.charges(line.leg()) == list(zip(tower.accounts, GROSS_75_S, strict=True))
    assert (record["revenue_gross_micro"], record["carrier_cost_micro"]) == (35_000, 12_500)
    after = [bench.demo.balance(account) for account in tower.accounts]
    assert after == [(balance - paid, 0) for (balance, _), paid in zip(before, GROSS_75_S, strict=True)]
    entries = bench.db.all(
        "select account_id, amount_micro from telecom_wallet_entry where idempotency_key like %s order by id",
        f"leg:{line.leg()}:outbound:%",
    )
    charged = [(entry["account_id"], -entry["amount_micro"]) for entry in entries]
    assert sorted(charged) == sorted(zip(tower.accounts, GROSS_75_S, strict=True))
    assert bench.db.all("select * from telecom_wallet_problems()") == []


def test_a_reseller_in_the_middle_without_credit_refuses_the_call(bench, tower):
    query = "select telecom_wallet_set_credit_limit(%s, %s::bigint)"
    middle = tower.accounts[3]
    balance, _ = bench.demo.balance(middle)
    bench.db.all(query, middle, -balance)
    line = bench.line()
    assert line.ask(tower.endpoint, CALLED)["BSS_REASON"] == "no_credit"
    assert bench.reserved() == 0 and {bench.demo.balance(account)[1] for account in tower.accounts} == {0}
    bench.db.all(query, middle, 50_000_000)


def test_a_price_changed_in_mid_call_counts_from_the_next_call_on(bench, tower):
    line = bench.line()
    line.ask(tower.endpoint, CALLED)
    line.answer(1)
    rate = "update telecom_rate set price = %s where plan_id = %s and destination_id = %s"
    change(bench, rate, "0.200000", bench.demo.wholesale, bench.demo.uk_fixed)
    try:
        line.hang_up(1 + 75)
        bench.settled(line.leg())
        assert gross(bench, line.leg()) == GROSS_75_S
        # 0.01 + 0.25 at the top, then the same mark-ups
        assert call(bench, tower) == [1_081_100, 540_500, 360_400, 343_200, 286_000, 260_000]
    finally:
        change(bench, rate, "0.020000", bench.demo.wholesale, bench.demo.uk_fixed)


def test_a_plan_changed_in_mid_call_counts_from_the_next_call_on(bench, tower):
    line = bench.line()
    line.ask(tower.endpoint, CALLED)
    line.answer(1)
    flat = bench.demo.plan("Flat", tower.customer_company, rounding_method="half_up", rounding_decimals=4)
    bench.demo.rate(flat, bench.demo.uk_fixed, "0.6")
    plan_of = "update telecom_billing_account set rate_plan_id = %s where id = %s"
    change(bench, plan_of, flat, tower.accounts[0])
    try:
        line.hang_up(1 + 75)
        bench.settled(line.leg())
        assert gross(bench, line.leg()) == GROSS_75_S
        assert call(bench, tower) == [750_000, *GROSS_75_S[1:]]
    finally:
        change(bench, plan_of, tower.plans[0], tower.accounts[0])


def test_a_call_to_the_customers_number_is_charged_at_six_levels_too(bench, tower):
    line = bench.line()
    answer = line.ask(f"trunk-{bench.demo.atlantic_trunk}", tower.number, question="route_inbound", cli="4930123")
    assert (answer["BSS_DECISION"], answer["BSS_GRANT_S"]) == ("internal", "119.75")
    line.answer(1)
    line.write("ANSWER", 1, line.caller, f"{line.call_ref}/in")
    line.hang_up(91, ends_call=False)
    for kind in ("HANGUP", "CHAN_END"):
        line.write(kind, 91, line.caller, f"{line.call_ref}/in", '{""hangupcause"":16}')
    (record,) = bench.settled(line.caller)
    assert bench.charges(line.caller) == list(zip(tower.accounts, INBOUND_90_S, strict=True))
    assert (record["direction"], record["carrier_id"], record["revenue_gross_micro"]) == (
        "inbound", bench.demo.atlantic, 9_000
    )  # fmt: skip
    until(lambda: bench.reserved() == 0 and bench.db.all("select from telecom_leg_open") == [])
