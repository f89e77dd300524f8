"""The month of the demo: calls of a story, authorised and settled by the bridge's own code, books that agree."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.support import db as db_support
from tests.support.books import TWICE, WALLETS, WRONG_CHARGES
from tests.support.db import Database
from tests.support.odoo import Odoo, OdooError
from tests.support.switch import DEMO

STORY = DEMO.with_name("load_story.py")
SCALE = "0.12"
END = "2026-03-20T09:30:00"
"""Always the same month, so that its calls are: a Friday, half past nine in Greenwich."""

STOPPED_AT = "2026-03-01"
EVERYTHING = """
    select (select count(*) from telecom_call_record) as legs, (select count(*) from telecom_call_charge) as charges,
           (select count(*) from telecom_wallet_entry) as entries, (select count(*) from telecom_phone) as phones,
           (select count(*) from telecom_billing_account) as accounts,
           (select count(*) from telecom_deck_rate) as prices,
           (select count(*) from account_move) as documents"""
LOSS = """
    select sum(margin) as margin, count(*) as calls from telecom_call_record_view
     where called like '336%%' and answered_at is not null
       and company_id <> (select company_id from telecom_tenant where parent_id is null)
       and started_at {} (select max(ended_at) - interval '9 days 1 hour' from telecom_call_record_view)"""
"""Calls of resellers' customers: the owner's own customers pay more than the carriers take even now."""


@dataclass
class Month:
    """The database with the month in it, and the shell that loaded it."""

    db: Database
    odoo: Odoo
    stopped_legs: int = 0

    def account(self, key: str) -> int:
        query = "select res_id from ir_model_data where module = '__demo_telecom__' and name = %s"
        return int(self.db.value(query, key))


@pytest.fixture(scope="module")
def month() -> Iterator[Month]:
    """Loaded in two runs: the first one is stopped in the middle of a day."""
    if not db_support.is_there():
        pytest.skip("BSS_TEST_DSN and BSS_TEST_TEMPLATE name no database: ./bss test bridge makes one")
    db = Database(f"bss_month_{os.getpid()}")
    db.all(f"alter database {db.name} owner to bss_odoo")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # Odoo runs as another user
        environment = {"BSS_DEMO_CREDENTIALS": f"{folder}/credentials.json", "BSS_FAR_SIP": "192.0.2.5:5070"}
        odoo = Odoo(db.name, Path(folder), {**environment, "BSS_DEMO_SCALE": SCALE})
        odoo.run(DEMO)
        odoo.call("ir.config_parameter", [], "set_param", "telecom_demo.month_end", END)
        yield _load(Month(db, odoo))
        odoo.close()
    db.close()


def _load(month: Month) -> Month:
    month.db.all(f"alter table telecom_call_charge add constraint stop check (started_at < '{STOPPED_AT} 12:00Z')")
    with pytest.raises(OdooError, match="stop"):
        month.odoo.run(STORY)
    month.stopped_legs = month.db.value("select count(*) from telecom_call_record")
    month.db.all("alter table telecom_call_charge drop constraint stop")
    month.odoo.run(STORY)
    return month


def test_a_stopped_load_goes_on_with_the_day_that_is_missing(month: Month) -> None:
    whole_days = month.db.value(
        "select count(distinct (terms ->> 'authorised_at')::timestamptz::date) from telecom_call_record"
    )
    assert 0 < month.stopped_legs < month.db.value("select count(*) from telecom_call_record") / 2
    assert whole_days in {30, 31}
    assert month.db.value("select count(*) from telecom_call_record where node is distinct from 'demo'") == 0


def test_the_books_agree(month: Month) -> None:
    for row in month.db.all(WALLETS):
        assert row["entries"] == row["balance"], row
        assert row["held"] == row["reserved"] == 0, row
    assert month.db.all(WRONG_CHARGES, 0) == []
    assert month.db.all(TWICE, 0) == []
    assert month.db.value("select count(*) from telecom_reservation") == 0
    assert month.db.value("select sum(cost_micro) from telecom_carrier_ledger") == month.db.value(
        "select sum(carrier_cost_micro) from telecom_call_record"
    )


def test_nobody_is_below_what_may_be_owed(month: Month) -> None:
    assert month.db.all("select * from telecom_wallet where balance_micro + credit_limit_micro < 0") == []


def test_a_customer_of_the_third_reseller_makes_four_levels_pay_in_two_currencies(month: Month) -> None:
    charges = month.db.all(
        """select level, currency, min(net_micro) as least, count(*) as calls from telecom_call_charge
            where direction = 'outbound' and record_id in
                  (select record_id from telecom_call_charge where account_id = %s and level = 0)
            group by 1, 2 order by 1""",
        month.account("lockside"),
    )
    assert [(row["level"], row["currency"]) for row in charges] == [(0, "GBP"), (1, "GBP"), (2, "EUR"), (3, "EUR")]
    assert len({row["calls"] for row in charges}) == 1
    assert charges[0]["calls"] > 10
    assert {row["currency"] for row in month.db.all("select distinct currency from telecom_call_charge")} == {
        *("EUR", "GBP", "USD")
    }


def test_amounts_are_price_times_seconds(month: Month) -> None:
    """Meridian Direct: 0.04 a minute to UK fixed, by the second, half up at 4 decimals, 20 % on the exact amount."""
    rows = month.db.all(
        """select charge.answered_s, charge.net_micro, charge.gross_micro from telecom_call_charge charge
             join telecom_destination destination on destination.id = charge.destination_id
            where charge.account_id = %s and charge.direction = 'outbound' and destination.name = 'UK fixed'""",
        month.account("harrow"),
    )
    assert len(rows) > 20
    for row in rows:
        exact = Decimal(row["answered_s"]) * 40_000 / 60
        net = int((exact / 100).quantize(Decimal(1), ROUND_HALF_UP)) * 100
        assert row["net_micro"] == net, row


def test_people_call_by_day_and_on_working_days(month: Month) -> None:
    (night, weekend, legs) = month.db.one(
        """select count(*) filter (where extract(hour from started_at at time zone tz) between 0 and 5) as night,
                  count(*) filter (where extract(isodow from started_at at time zone tz) > 5) as weekend,
                  count(*) as legs
             from telecom_call_record record join telecom_billing_account account on account.id = record.account_id"""
    ).values()
    assert 0 < night < legs * 0.03
    assert legs * 0.05 < weekend < legs * 0.2


def test_calls_fail_with_causes_and_fail_over(month: Month) -> None:
    found = month.db.all("select disposition, hangup_cause, count(*) as legs from telecom_call_record group by 1, 2")
    assert {row["disposition"] for row in found} == {"answered", "busy", "no_answer", "cancelled", "failed"}
    assert {row["hangup_cause"] for row in found} >= {1, 16, 17, 19, 34, 38}
    second = "direction = 'outbound' and attempt = 2 and answered_at is not null"
    assert month.db.value(f"select count(*) from telecom_call_record where {second}") > 5  # noqa: S608
    assert {row["direction"] for row in month.db.all("select distinct direction from telecom_call_record")} == {
        *("outbound", "inbound", "internal")
    }


def test_one_route_began_to_lose_money(month: Month) -> None:
    now, before = month.db.one(LOSS.format(">")), month.db.one(LOSS.format("<"))
    assert before["margin"] > 0 > now["margin"], (before, now)


def test_some_have_used_up_what_they_paid(month: Month) -> None:
    balances = [
        month.db.value("select balance_micro from telecom_wallet where account_id = %s", month.account(key))
        for key in ("ellery", "adeyemi", "novak", "brandt", "olson")
    ]
    assert all(0 <= balance < 1_000_000 for balance in balances), balances


def test_entries_have_the_time_of_their_calls(month: Month) -> None:
    days = month.db.value(
        """select count(distinct posted_at::date) from telecom_wallet_entry
            where id in (select entry_id from telecom_call_charge)"""
    )
    assert days in {30, 31}
    late = month.db.value(
        """select count(*) from telecom_wallet_entry entry join telecom_call_charge charge on charge.entry_id = entry.id
            where entry.posted_at not between charge.answered_at and charge.answered_at + interval '2 hours'"""
    )
    assert late < month.db.value("select count(*) from telecom_wallet_entry") / 100
    defaults = """select column_default from information_schema.columns
                   where (table_name, column_name) in (('telecom_wallet_entry', 'posted_at'),
                                                       ('telecom_call_record', 'settled_at'))"""
    assert {row["column_default"] for row in month.db.all(defaults)} == {"now()"}


def test_customers_have_hours_minutes_classes_and_ring_groups(month: Month) -> None:
    found = month.db.one(
        """select (select count(distinct band_id) from telecom_rate_band) as bands,
                  (select string_agg(state || ' ' || (changed_count > 0), ',') from telecom_rerate_run) as reratings,
                  (select count(*) from telecom_phone where service_class_id is not null) as classed_phones,
                  (select count(*) from telecom_billing_account where service_class_id is not null) as classed_accounts,
                  (select count(*) from telecom_ring_group_member) as members"""
    )
    assert found == {
        "bands": 4, "reratings": "previewed true", "classed_phones": 2, "classed_accounts": 3, "members": 8
    }  # fmt: skip
    given = month.db.all("select name, given, free from telecom_allowance_bucket_view where kind = 'block'")
    assert [(row["given"], row["free"]) for row in given] == [(500, 500)], given
    paid = month.db.value(
        "select amount_micro from telecom_wallet_entry where account_id = %s order by id desc limit 1",
        month.account("harrow"),
    )
    assert paid == -12_500_000


def test_resellers_have_invoiced_what_was_charged(month: Month) -> None:
    runs = month.db.all(
        """select run.state, min(move.state) as state_of_move, sum(move.amount_total) as total,
                  sum(move.telecom_call_count) as calls
             from telecom_billing_run run join account_move move on move.telecom_billing_run_id = run.id
            group by run.id order by run.id"""
    )
    assert [(row["state"], row["state_of_move"]) for row in runs] == [("posted", "posted"), ("made", "draft")]
    for key, run in zip(("kanzlei", "lakefront"), runs, strict=True):
        charged = month.db.one(
            """select count(*) as calls, sum(gross_micro) as gross from telecom_invoiced_charge invoiced
                 join telecom_call_charge charge on charge.id = invoiced.charge_id where charge.account_id = %s""",
            month.account(key),
        )
        assert run["calls"] == charged["calls"] > 20
        rounding = int(run["total"] * 1_000_000) - int(charged["gross"])
        assert abs(rounding) <= 20_000, rounding
        posted = month.db.value(
            """select coalesce(sum(amount_micro), 0) from telecom_wallet_entry
                where account_id = %s and idempotency_key like 'invoice:%%'""",
            month.account(key),
        )
        assert posted == (-rounding if run["state"] == "posted" else 0)


def test_loaded_again_it_adds_nothing(month: Month) -> None:
    before = month.db.one(EVERYTHING)
    month.odoo.run(DEMO)
    month.odoo.run(STORY)
    assert month.db.one(EVERYTHING) == before


def test_its_tables_stand_where_the_readme_says() -> None:
    readme = (STORY.parent / "story" / "README.md").read_text(encoding="utf-8")
    for table in sorted(Path(STORY.parent / "story").glob("*.csv")):
        assert f"`{table.name}`" in readme, table.name
