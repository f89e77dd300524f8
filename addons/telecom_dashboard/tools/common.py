"""What several dashboards show."""

from .shapes import chart, money, row, series, table, text, tile

NEAR_ZERO = 5.0
"""An account with less than this available (units of its currency) will soon be refused calls."""

ROWS = 8
"""Rows of a table; the list that it opens has all."""


def near_zero(env, action, domain=()):
    """Return the table of accounts in use that have next to nothing left, the poorest first."""
    wanted = [("account_id.state", "=", "active"), ("headroom", "<", NEAR_ZERO), *domain]
    wallets = env["telecom.wallet"].search(wanted, order="headroom, id", limit=ROWS)
    rows = [
        row(
            text(wallet.account_id.name),
            money(wallet.balance, wallet.currency_id),
            money(wallet.headroom, wallet.currency_id),
            tone="danger" if wallet.headroom <= 0 else "warning",
            target={**action, "domain": [("id", "=", wallet.account_id.id)]},
        )
        for wallet in wallets
    ]
    return table(
        "near_zero",
        env._("Balances near zero"),
        [env._("Account"), env._("Balance"), env._("Available")],
        rows,
        empty=env._("Every account has at least %g available.", NEAR_ZERO),
        target={**action, "domain": [("headroom", "<", NEAR_ZERO), ("state", "=", "active")]},
        help=env._("Accounts in use with less than %g available: balance + credit limit - held by calls.", NEAR_ZERO),
    )


def money_tiles(days, names):
    """Return one tile for each currency and amount. `names`: {"key": (title, what it says, what it opens)}."""
    return [
        tile(
            f"{key}_{currency.name}",
            title,
            money(days.total(key, currency), currency),
            note=note,
            tone="danger" if days.total(key, currency) < 0 else "",
            target=target,
        )
        for currency in days.currencies
        for key, (title, note, target) in names.items()
    ]


def traffic_chart(env, days, period, targets, *, key="legs", title=""):
    """Return the chart of calls and minutes by day."""
    return chart(
        "traffic",
        env._("%s and minutes by day", title or env._("Calls")),
        period.labels,
        [
            series(title or env._("Calls"), days.values(key), "blue"),
            series(env._("Minutes"), [round(value / 60) for value in days.values("seconds")], "orange", line=True),
        ],
        targets=targets,
    )
