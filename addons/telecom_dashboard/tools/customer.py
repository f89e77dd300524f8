"""The dashboard of a customer: what it spends, where, and what it has left."""

from .common import ROWS, traffic_chart
from .days import Days
from .shapes import chart, figure, money, opens, row, series, table, text, tile

CALLS, LIVE, ACCOUNTS = "office-calls", "office-live", "office-accounts"


def customer_now(env):
    """Return the tiles of this moment: its calls, what each of its accounts has left."""
    counts = dict(env["telecom.live.charge"]._read_group([], ["state"], ["__count"]))
    accounts = env["telecom.billing.account"].search([("state", "!=", "closed")], limit=4)
    return [
        tile(
            "live",
            env._("Calls now"),
            figure("count", sum(counts.values())),
            note=env._("%s ringing", counts.get("ringing", 0)),
            tone="success" if counts else "",
            target=opens(LIVE, []),
        ),
        *(
            tile(
                f"account_{account.id}",
                env._("Available"),
                money(account.headroom, account.currency_id),
                note=account.name,
                tone="danger" if account.headroom <= 0 else "",
                target=opens(ACCOUNTS, [("id", "=", account.id)]),
            )
            for account in accounts
        ),
    ]


def customer_figures(env, period):
    """Return tiles, charts and tables of a period."""
    days = Days(period)
    for at, currency, calls, seconds, gross in env["telecom.call.charge"]._read_group(
        period.domain(), ["started_at:day", "currency_id"], ["__count", "answered_s:sum", "gross:sum"]
    ):
        days.add(at, currency, legs=calls, seconds=seconds, spent=gross)
    targets = [opens(CALLS, period.domain_of_day(day), day.isoformat()) for day in period.days]
    every = opens(CALLS, period.domain())
    return {
        "tiles": [
            tile("calls", env._("Calls"), figure("count", days.total("legs")), note=env._("answered"), target=every),
            tile("minutes", env._("Minutes"), figure("minutes", days.total("seconds") / 60), target=every),
            *(
                tile(f"spent_{one.name}", env._("Spent"), money(days.total("spent", one), one),
                     note=env._("with tax"), target=every)
                for one in days.currencies
            ),
        ],
        "charts": [
            *(_spent_chart(env, days, currency, period, targets) for currency in days.currencies),
            traffic_chart(env, days, period, targets),
        ],
        "tables": [_destinations(env, period), _last_calls(env)],
        "empty": not days.total("legs"),
    }  # fmt: skip


def _spent_chart(env, days, currency, period, targets):
    return chart(
        f"spent_{currency.name}",
        env._("Spent by day, %s", currency.name),
        period.labels,
        [series(env._("Spent"), days.values("spent", currency), "blue")],
        unit=currency.name,
        targets=targets,
    )


def _destinations(env, period):
    groups = env["telecom.call.charge"]._read_group(
        period.domain(),
        ["destination_id", "currency_id"],
        ["__count", "answered_s:sum", "gross:sum"],
        order="gross:sum desc",
        limit=ROWS,
    )
    names = {one[0]: one[0].sudo().display_name for one in groups}  # as in their list of calls; no other field of it
    rows = [
        row(
            text(names[destination] or env._("Other")),
            figure("count", calls),
            figure("minutes", (seconds or 0) / 60),
            money(gross, currency),
            target=opens(CALLS, [*period.domain(), ("destination_id", "=", destination.id)], names[destination]),
        )
        for destination, currency, calls, seconds, gross in groups
    ]
    return table(
        "destinations",
        env._("Top destinations"),
        [env._("Destination"), env._("Calls"), env._("Minutes"), env._("Spent")],
        rows,
        empty=env._("No calls in these days."),
        target=opens(CALLS, period.domain()),
    )


def _last_calls(env):
    charges = env["telecom.call.charge"].search([], limit=ROWS)
    rows = [
        row(
            figure("instant", charge.started_at.isoformat()),
            text(charge.e164 or charge.dialled or ""),
            figure("seconds", charge.answered_s),
            money(charge.gross, charge.currency_id),
            target=opens(CALLS, [("id", "=", charge.id)]),
        )
        for charge in charges
    ]
    return table(
        "last_calls",
        env._("Last calls"),
        [env._("Started"), env._("To"), env._("Length"), env._("Charged")],
        rows,
        empty=env._("No calls yet."),
        target=opens(CALLS, []),
    )
