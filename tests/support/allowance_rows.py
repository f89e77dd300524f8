"""Included minutes for tests: allowances as rows, seconds by the product's own functions, and what the books say."""

from typing import Any

from tests.support.db import Database

GIVEN = """
    select bucket.id, bucket.left_s,
           coalesce(sum(seconds) filter (where entry.kind = 'given'), 0)::bigint as given,
           -coalesce(sum(seconds) filter (where entry.kind <> 'given'), 0)::bigint as gone,
           (select coalesce(sum(hold.seconds), 0)::bigint from telecom_allowance_hold hold
             where hold.bucket_id = bucket.id) as held
      from telecom_allowance_bucket bucket left join telecom_allowance_entry entry on entry.bucket_id = bucket.id
     where bucket.account_id = %s group by bucket.id order by bucket.id"""


def allowance(
    db: Database, company: int, *destinations: int, plan: int | None = None, minutes: int = 1, **values: Any
) -> int:
    """Included minutes of a plan, or a block when there is none, for calls to some destinations."""
    currency = db.value("select currency_id from res_company where id = %s", company)
    made = db.insert(
        "telecom_allowance", name=f"{minutes} minutes", kind="plan" if plan else "block", plan_id=plan,
        company_id=company, currency_id=currency, minutes=minutes, active=True, valid_days=0, price=0,
        **{"rolls_over": False, **values},
    )  # fmt: skip
    for destination in destinations:
        db.all(
            "insert into telecom_allowance_destination_rel (allowance_id, destination_id) values (%s, %s)",
            made, destination,
        )  # fmt: skip
    return made


def give(db: Database, account: int, block: int, seconds: int, key: str) -> int:
    """A block of so many seconds for an account, for ever and for nothing; returns the bucket."""
    return int(
        db.value(
            "select telecom_allowance_give(%s, %s, %s::bigint, null, %s, 0::bigint, 'test', null)",
            account,
            block,
            seconds,
            key,
        )
    )


def seconds_of(db: Database, account: int) -> tuple[int, int, int]:
    """Used, held and left seconds of an account; AssertionError when they are not what was given."""
    assert db.all("select * from telecom_allowance_problems()") == []
    rows = db.all(GIVEN, account)
    for row in rows:
        assert row["given"] - row["gone"] == row["left_s"], f"given is not used and left: {row}"
        assert 0 <= row["held"] <= row["left_s"], f"more is held than left: {row}"
    used, held = (sum(row[name] for row in rows) for name in ("gone", "held"))
    return used, held, sum(row["left_s"] for row in rows) - held
