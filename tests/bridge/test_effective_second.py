"""Plans, prices and deck rows that begin in some seconds: the bridge has read them and needs no word when they do."""

import time
from datetime import UTC, datetime, timedelta

from tests.support.until import until

ACME, SCHOOL, CALLED = "n100001-101", "a100002-301", "02079460000"
AHEAD_S = 4.0


def grosses(bench, endpoint):
    """What the levels of a call that begins now set aside for 120 s, the customer first; and its first dial string."""
    line = bench.line()
    answer = line.ask(endpoint, CALLED)
    query = "select amounts_micro from telecom_reservation where call_ref = %s"
    rows = bench.db.all(query, line.call_ref)
    line.end(1)
    until(lambda: bench.reserved() == 0)
    return (rows[0]["amounts_micro"] if rows else answer["BSS_REASON"]), answer.get("BSS_DIAL_1")


def naive(instant):
    return instant.astimezone(UTC).replace(tzinfo=None)


def over_the_edge(bench, endpoint, make):
    """Make something that begins in some seconds; answers before and after, with no word to the bridge in between."""
    loads = bench.daemon.log().count("action=catalogue_loaded")
    edge = (datetime.now(UTC) + timedelta(seconds=AHEAD_S)).replace(microsecond=0)
    make(edge)
    until(lambda: bench.daemon.log().count("action=catalogue_loaded") > loads)
    time.sleep(0.3)  # whatever else was marked has been read too
    loads = bench.daemon.log().count("action=catalogue_loaded")
    before = grosses(bench, endpoint)
    assert datetime.now(UTC) < edge, "the machine is too slow for this test: nothing was measured before the edge"
    time.sleep(max(0.0, (edge - datetime.now(UTC)).total_seconds()))
    after = grosses(bench, endpoint)
    assert bench.daemon.log().count("action=catalogue_loaded") == loads
    return before, after


def test_a_plan_begins_at_its_second(bench):
    demo = bench.demo
    flat = demo.plan("Flat", demo.owner, rounding_method="half_up", rounding_decimals=4)
    demo.rate(flat, demo.uk_fixed, "0.6")

    def planned(edge):
        bench.db.all(
            "insert into telecom_plan_assignment (account_id, company_id, direction, plan_id, valid_from)"
            " values (%s, %s, 'outbound', %s, null), (%s, %s, 'outbound', %s, %s)",
            *(demo.school, demo.owner, demo.direct, demo.school, demo.owner, flat, naive(edge)),
        )

    before, after = over_the_edge(bench, SCHOOL, planned)
    assert (before[0], after[0]) == ([60_000], [1_200_000])


def test_a_price_begins_at_its_second_at_every_level(bench):
    demo = bench.demo

    def planned(edge):
        demo.rate(demo.wholesale, demo.uk_fixed, "0.2", valid_from=naive(edge))

    before, after = over_the_edge(bench, ACME, planned)
    assert (before[0], after[0]) == ([62_500, 50_000], [500_000, 400_000])


def test_a_deck_row_begins_at_its_second_and_the_order_of_carriers_changes(bench):
    demo = bench.demo

    def planned(edge):
        bench.db.all(
            "insert into telecom_deck_rate (carrier_id, prefix, price_micro, valid_from) values (%s, '442', 18000, %s)",
            demo.atlantic, edge,
        )  # fmt: skip

    before, after = over_the_edge(bench, SCHOOL, planned)
    assert (before[1], after[1]) == (
        f"PJSIP/442079460000@trunk-{demo.atlantic_trunk}",
        f"PJSIP/0077442079460000@trunk-{demo.pacific_trunk}",
    )
