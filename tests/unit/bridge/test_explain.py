"""The answer of explain: price, credit, limits and route with their sources, from the services of live calls."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.explain.answer import explain
from telecom_switch_bridge.explain.fraud import FraudRule
from telecom_switch_bridge.explain.lines import lines_of_page
from telecom_switch_bridge.explain.rows import Known, Question, SpendRoom, Wallet, read
from telecom_switch_bridge.store.deck import Deck, DeckPrice, DeckRow
from telecom_switch_bridge.values import AccountPlan, Target

from .world import (
    ACME,
    ATLANTIC,
    DIRECT,
    NOW,
    PACIFIC,
    RESELLER,
    SCHOOL,
    STANDARD,
    UK_FIXED,
    WHOLESALE,
    bands,
    carrier,
    deck,
    demo,
    lines,
    plan,
    rate,
    route,
)

RICH = 1_000_000_000


def wallets(**headroom):
    found = {ACME: RICH, RESELLER: RICH, SCHOOL: RICH} | {int(name[1:]): micro for name, micro in headroom.items()}
    return {account_id: Wallet(account_id, micro, 0, 0) for account_id, micro in found.items()}


def ask(to="02079460000", caller="a10-101", catalogue=None, living=None, **question):
    catalogue = catalogue or demo()
    known = Known(
        catalogue,
        phones=tuple(phone for phone in catalogue.phone_rows if phone.endpoint == caller),
        others=catalogue.phone_rows,
        wallets=question.pop("wallets", wallets()),
        living=living or {},
        rooms=question.pop("rooms", {}),
        fraud_rules=question.pop("fraud_rules", ()),
    )
    return explain(Question(caller, to, question.pop("at", NOW), question.pop("seconds", 75), **question), known)


def test_every_level_names_plan_rate_and_since_when():
    at = NOW.replace(month=10)
    dated = (
        AccountPlan(RESELLER, "outbound", DIRECT, None, at),
        AccountPlan(RESELLER, "outbound", WHOLESALE, at, at + timedelta(days=60)),
    )
    rates = (rate(1, WHOLESALE, UK_FIXED, bands=bands(10_000, 20_000), valid_from=at), *demo().rate_rows[1:])
    named = (plan(WHOLESALE, name="Wholesale"), *demo().plan_rows[1:])
    page = ask(catalogue=demo(account_plan_rows=dated, rate_rows=rates, plan_rows=named))
    customer, reseller = page["levels"]
    assert customer["source"] == f"plan {STANDARD}, default mark-up 25.000000 % on the level above"
    assert customer["plan_since"] == "since ever"
    assert reseller["source"] == (
        f"plan {WHOLESALE} (Wholesale), rate 1 of the destination, valid from 2026-10-23 12:00:00 UTC"
    )
    assert reseller["plan_since"] == "from 2026-10-23 12:00:00 UTC until 2026-12-22 12:00:00 UTC"
    assert [level["gross"] for level in page["levels"]] == ["0.043800", "0.035000"]


def test_the_grant_is_what_the_poorest_level_buys():
    page = ask()
    assert (page["credit"]["wanted_s"], page["credit"]["granted_s"]) == (120, 120)
    assert [one["sets_aside"] for one in page["credit"]["levels"]] == ["0.062500", "0.050000"]
    page = ask(wallets=wallets(_20=20_000))
    assert page["credit"]["granted_s"] == 30  # the reseller: 0.01 and 30 s at 0.02 a minute
    assert "refused" not in page


def test_who_has_no_credit_is_named_and_the_steps_are_shown_all_the_same():
    page = ask(wallets=wallets(_20=10_000))
    assert (page["refused"], page["detail"]) == ("no_credit", f"account {RESELLER} has 0.010000, needs 0.010300")
    assert len(page["levels"]) == 2 and page["route"]["tried"]
    assert [one["enough"] for one in page["credit"]["levels"]] == [True, False]
    page = ask(wallets={})
    assert page["refused"] == "no_credit" and "has no wallet" in page["detail"]


def test_a_limit_of_spending_shortens_the_grant_or_refuses():
    page = ask(rooms={ACME: SpendRoom(37_500, "day")})
    assert page["credit"]["granted_s"] == 60
    assert page["credit"]["levels"][0]["limit"] == "most per day"
    assert any("most per day: 0.037500 EUR are left" in line for line in lines_of_page(page))
    page = ask(rooms={ACME: SpendRoom(2 * RICH, "day")})
    assert (page["credit"]["granted_s"], page["credit"]["levels"][0]["limit"]) == (120, None)


@pytest.mark.parametrize(
    ("locked_by", "name", "words"),
    [
        ("night", None, "locked since it reached a limit: most per night"),
        ("repeated", "Dialler", "locked since it reached a limit: fraud rule Dialler (calls to one number)"),
        (None, None, "locked since it reached a limit"),
    ],
)
def test_a_locked_account_is_refused_by_the_name_of_what_locked_it(locked_by, name, words):
    page = ask(rooms={RESELLER: SpendRoom(0, "locked", locked_by, name)})
    assert (page["refused"], page["credit"]["levels"][1]["rule"]) == ("spend_limit", "locked")
    assert page["detail"] == f"account {RESELLER} is {words}"
    assert sum(words in line for line in lines_of_page(page)) == 2


def fraud_rule(account_id, calls, **values):
    values = {"e164": "442079460000", "destination_id": UK_FIXED, "kind": "repeated", "at_night": False, **values}
    return FraudRule(account_id, rule_id=1, name="Dialler", most_calls=3, within_min=60, calls=calls, **values)


def test_a_fraud_rule_says_how_many_calls_it_has_counted_and_refuses_the_one_too_many():
    watched = demo(account_rows=tuple(replace(one, spend_limited=True) for one in demo().account_rows))
    page = ask(catalogue=watched, fraud_rules=(fraud_rule(ACME, 2),))
    assert "refused" not in page
    counted = "fraud rule Dialler: 2 of 3 calls to one number in the last 60 min"
    assert [(one["why"], one["breaks"]) for one in page["fraud_rules"]] == [(counted, False)]
    page = ask(catalogue=watched, fraud_rules=(fraud_rule(ACME, 2), fraud_rule(RESELLER, 3, kind="country")))
    assert page["refused"] == "spend_limit"
    assert page["detail"] == (
        f"account {RESELLER}: fraud rule Dialler: 3 of 3 calls to unusual countries in the last 60 min, "
        "this call is one too many"
    )
    assert sum("fraud rule Dialler" in line for line in lines_of_page(page)) == 3
    assert page["route"]["tried"], "the other steps are shown all the same"


@pytest.mark.parametrize(
    "elsewhere", [{"account_id": SCHOOL}, {"e164": "442079460001"}, {"destination_id": UK_FIXED + 1}]
)
def test_fraud_rules_of_others_and_of_other_numbers_say_nothing(elsewhere):
    watched = demo(account_rows=tuple(replace(one, spend_limited=True) for one in demo().account_rows))
    page = ask(catalogue=watched, fraud_rules=(fraud_rule(**{"account_id": ACME, "calls": 9, **elsewhere}),))
    assert "refused" not in page and "fraud_rules" not in page


def test_a_limit_of_spending_refuses_before_calls_at_once_and_credit_do():
    watched = demo(account_rows=tuple(replace(one, spend_limited=True) for one in demo().account_rows))
    poor = wallets(_20=0)
    assert ask(catalogue=watched, wallets=poor)["refused"] == "no_credit"
    assert ask(catalogue=watched, wallets=poor, fraud_rules=(fraud_rule(ACME, 3),))["refused"] == "spend_limit"


def test_routes_name_deck_rows_and_why_in_this_order():
    dated = Deck([DeckRow("442", DeckPrice(0, 10_000, 60, 1, 1, 0), NOW.replace(day=1), None)])
    entry = route(lines=lines((2, 3, 5), (1, 1, 7)), min_margin_percent_micro=5_000_000)
    page = ask(catalogue=demo(decks={**demo().decks, ATLANTIC: dated}, route_rows=(entry,)))
    first, second = page["route"]["tried"]
    assert first["deck"] == "deck prefix 442, valid from 2026-11-01 12:00:00 UTC"
    assert (first["cost"], first["expected_cost"], first["priority"], first["weight"]) == (
        "0.012500", "0.030000", 1, 7
    )  # fmt: skip
    assert (second["deck"], second["trunk"]) == ("deck prefix 44, valid since ever", "trunk-2")
    assert page["route"]["order"].startswith("cost of the expected call")
    assert (page["route"]["sale"], page["route"]["margin"]) == (
        "0.070000", "at least 5.000000 % of the cost and 0.000000 per minute"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"decks": {ATLANTIC: deck(p33=1), PACIFIC: deck(p44=15_000)}}, "unrateable: its deck has no price"),
        (
            {"decks": {ATLANTIC: deck(p44=99_000), PACIFIC: deck(p44=15_000)}},
            "loss: 180 s cost 0.297000 and are sold at",
        ),
        ({"carrier_rows": (carrier(ATLANTIC, "A", currency="USD"), carrier(PACIFIC, "P"))}, "its prices are in USD"),
        (
            {
                "trunk_rows": (replace(demo().trunk_rows[0], state="inactive"), demo().trunk_rows[1]),
                "route_rows": (route(lines=lines((1, 1, 0), (2, 1, 0))),),
            },
            "the trunk or its carrier is not active",
        ),
    ],
)
def test_a_carrier_that_is_not_tried_has_a_reason_with_figures(parts, reason):
    page = ask(catalogue=demo(**parts))
    (dropped,) = page["route"]["dropped"]
    assert dropped["trunk"] == "trunk-1" and dropped["reason"].startswith(reason)
    assert [one["trunk"] for one in page["route"]["tried"]] == ["trunk-2"]


def test_a_call_that_no_carrier_takes_still_shows_prices_and_reasons():
    page = ask(catalogue=demo(decks={ATLANTIC: deck(p44=99_000)}))
    assert page["refused"] == "unprofitable" and len(page["levels"]) == 2
    assert [one["reason"][:4] for one in page["route"]["dropped"]] == ["loss", "unra"]


def test_limits_are_shown_with_the_calls_that_live():
    accounts = tuple(replace(one, max_calls_outbound=2, max_calls_per_second=9) for one in demo().account_rows)
    living = {f"out:account:{ACME}": 2}
    page = ask(catalogue=demo(account_rows=accounts), living=living)
    assert {"on": f"out:account:{ACME}", "living": 2, "most": 2} in page["limits"]
    assert {"on": f"account:{RESELLER}", "most": 9} in page["rates"]
    assert page["refused"] == "too_many_calls" and len(page["levels"]) == 2


def test_internal_and_emergency_calls_need_no_price():
    page = ask("102")
    assert (page["decision"], page["routes"], page["credit"]["granted_s"]) == ("internal", ["PJSIP/a10-102"], None)
    assert "levels" not in page and "refused" not in page
    page = ask("112", wallets={})
    assert (page["decision"], page["routes"]) == ("emergency", ["PJSIP/112@trunk-1", "PJSIP/0077112@trunk-2"])
    assert "  dials PJSIP/112@trunk-1" in lines_of_page(page)


def test_an_extension_that_is_forwarded_outside_is_priced_there():
    called = replace(demo().phone_rows[1], forward_always_id=5)
    target = Target(5, ACME, "external", None, "447700900123", None)
    page = ask("102", catalogue=demo(phone_rows=(demo().phone_rows[0], called), target_rows=(target,)))
    assert (page["decision"], page["number"]) == ("external", "102 leads on to 447700900123 outside")
    assert [level["gross"] for level in page["levels"]] == ["0.055000", "0.050000"]


NUMBERS = 300


def inbound(to, **parts):
    number = next(one for one in demo().number_rows if one.e164 == to)
    catalogue = demo(
        number_rows=(number,),
        plan_rows=(*demo().plan_rows, plan(NUMBERS, direction="inbound")),
        rate_rows=(*demo().rate_rows, rate(70, NUMBERS, UK_FIXED, bands=bands(0, 6_000))),
        account_rows=tuple(
            replace(one, inbound_plan_id=NUMBERS) if one.account_id == RESELLER else one for one in demo().account_rows
        ),
        **parts,
    )
    return ask(to, caller="trunk-1", catalogue=catalogue)


def test_a_carrier_that_calls_is_priced_by_the_inbound_plans():
    page = inbound("442079460999")
    assert (page["decision"], page["direction"], page["routes"]) == ("internal", "inbound", ["PJSIP/a10-101"])
    assert [(one["level"], one["gross"]) for one in page["levels"]] == [(1, "0.007500")]
    assert [(one["account_id"], one["account"]) for one in page["free"]] == [(ACME, f"A{ACME}")]
    assert [one["sets_aside"] for one in page["credit"]["levels"]] == ["0.012000"]
    text = "\n".join(lines_of_page(page))
    assert "is ours and leads to phone" in text and f"account A{ACME} of company " in text
    assert "pays nothing for calls to its number" in text


def test_a_number_that_leads_outside_is_two_legs():
    page = inbound("442079460998")
    forward = page["forward"]
    assert (forward["e164"], forward["decision"]) == ("447700900123", "external")
    assert [one["gross"] for one in forward["levels"]] == ["0.055000", "0.050000"]
    assert [one["trunk"] for one in forward["route"]["tried"]] == ["trunk-1", "trunk-2"]
    assert "goes on to 447700900123:" in lines_of_page(page)


def test_a_number_that_is_not_ours_is_refused():
    page = ask("442079460111", caller="trunk-1", catalogue=demo(number_rows=()))
    assert page["refused"] == "bad_number"


def test_what_is_read_is_of_the_number_only():
    """The conversation asks for rows of the number's prefixes, the account's chain and its plans, and of no more."""
    asked = {}
    reading = read(Question("101", "02079460000", NOW, 60))
    name, values = next(reading)
    answers = {
        "explain_phones": [{name: getattr(demo().phone_rows[0], name) for name in
                            ("phone_id", "endpoint", "account_id", "extension", "cli_e164", "state")}],
        "explain_targets": [{"target_id": 5, "account_id": ACME, "kind": "external", "endpoint": None,
                             "external": "447700900123", "group_id": None}],
        "explain_accounts": [{name: getattr(one, name) for name in one.__slots__} for one in demo().account_rows[:2]],
    }  # fmt: skip
    while True:
        asked[name] = values
        try:
            name, values = reading.send(answers.get(name, []))
        except StopIteration as end:
            known = end.value
            break
    assert known.phones[0].endpoint == "a10-101"
    assert {"44207946000", "442079460000", "447700900123"} < set(asked["explain_decks"][0])
    assert "4420794600001" not in asked["explain_decks"][0]
    assert asked["explain_decks"] == asked["explain_prefixes"]
    assert asked["explain_plans"] == ([WHOLESALE, STANDARD],)
    assert asked["explain_wallets"] == ([ACME, RESELLER],)
