"""The dashboard of a reseller: what its customers pay it and what it pays its provider, nothing above that."""

from .common import ROWS, money_tiles, near_zero, traffic_chart
from .days import Days
from .shapes import chart, figure, money, opens, row, series, table, text, tile

CALLS, LIVE, CUSTOMERS, STATEMENT = "office-calls", "office-live", "office-customers", "office-statement"


def reseller_now(env):
    """Return the tiles of this moment: its customers' calls, its own account."""
    company = env.user.company_id
    counts = dict(env["telecom.live.charge"]._read_group([("company_id", "=", company.id)], ["state"], ["__count"]))
    own = env["telecom.wallet"].search([("customer_company_id", "=", company.id)], limit=1)
    tiles = [
        tile(
            "live",
            env._("Calls now"),
            figure("count", sum(counts.values())),
            note=env._("%s ringing", counts.get("ringing", 0)),
            tone="success" if counts else "",
            target=opens(LIVE, [("company_id", "=", company.id)]),
        )
    ]
    if own:
        tiles.append(
            tile(
                "own_account",
                env._("Available at your provider"),
                money(own.headroom, own.currency_id),
                note=env._("your customers' calls are refused when it is used up"),
                tone="danger" if own.headroom <= 0 else "",
                target=opens(STATEMENT, [("account_id", "=", own.account_id.id)]),
            )
        )
    return tiles


def reseller_figures(env, period):
    """Return tiles, charts and tables of a period."""
    company = env.user.company_id
    days = _days(env, period, company)
    targets = [
        opens(CALLS, [*period.domain_of_day(day), ("company_id", "=", company.id)], day.isoformat())
        for day in period.days
    ]
    sold = [*period.domain(), ("company_id", "=", company.id)]
    bought = [*period.domain(), ("customer_company_id", "=", company.id)]
    names = {
        "sales": (env._("Sales"), env._("your customers pay, without tax"), opens(CALLS, sold)),
        "paid": (env._("Cost"), env._("you pay your provider, without tax"), opens(CALLS, bought)),
    }
    if len(days.currencies) == 1:
        names["margin"] = (env._("Margin"), env._("sales - cost"), opens(CALLS, period.domain()))
    return {
        "tiles": [*_tiles(env, days, sold), *_some(money_tiles(days, names))],
        "charts": [
            traffic_chart(env, days, period, targets, key="calls"),
            *(_money_chart(env, days, currency, period, targets, names) for currency in days.currencies[:3]),
        ],
        "tables": [
            _best(env, sold, "destination_id", "destinations", env._("Top destinations"), env._("Destination")),
            _best(env, sold, "account_id", "customers", env._("Top customers"), env._("Customer")),
            near_zero(env, opens(CUSTOMERS, []), [("company_id", "=", company.id)]),
        ],
        "empty": not days.total("calls"),
    }


def _days(env, period, company):
    """Sum the charges that this reseller makes and pays in one query: a charge is made by one company."""
    groups = env["telecom.call.charge"]._read_group(
        period.domain(), ["started_at:day", "company_id", "currency_id"], ["__count", "answered_s:sum", "net:sum"]
    )
    days = Days(period)
    for at, provider, currency, calls, seconds, net in groups:
        if provider == company:
            days.add(at, currency, legs=calls, calls=calls, seconds=seconds, sales=net, margin=net)
        else:
            days.add(at, currency, legs=calls, paid=net, margin=-(net or 0))
    return days


def _tiles(env, days, sold):
    every = opens(CALLS, sold)
    calls, seconds = days.total("calls"), days.total("seconds")
    mean = figure("seconds", seconds / calls if calls else None)
    return [
        tile("calls", env._("Calls"), figure("count", calls), note=env._("answered"), target=every),
        tile("minutes", env._("Minutes"), figure("minutes", seconds / 60), target=every),
        tile("acd", env._("Mean length"), mean, note=env._("of an answered call"), target=every),
    ]


def _some(tiles):
    """Leave out amounts in a currency in which there are none: it sells in one and pays in another."""
    return [one for one in tiles if one["figure"]["value"]]


def _money_chart(env, days, currency, period, targets, names):  # noqa: PLR0917
    rows = [(key, color) for key, color in (("sales", "blue"), ("paid", "gray")) if days.total(key, currency)]
    lines = [series(names[key][0], days.values(key, currency), color) for key, color in rows]
    if "margin" in names:
        lines.append(series(names["margin"][0], days.values("margin", currency), "green", line=True))
    return chart(
        f"money_{currency.name}",
        env._("Money by day, %s", currency.name),
        period.labels,
        lines,
        unit=currency.name,
        targets=targets,
    )


def _best(env, sold, field, key, title, column):  # noqa: PLR0917
    """Return the table of what brought most."""
    groups = env["telecom.call.charge"]._read_group(
        sold, [field, "currency_id"], ["__count", "answered_s:sum", "net:sum"], order="net:sum desc", limit=ROWS
    )
    rows = [
        row(
            text(one.display_name or env._("Other")),
            figure("count", calls),
            figure("minutes", (seconds or 0) / 60),
            money(net, currency),
            target=opens(CALLS, [*sold, (field, "=", one.id)], one.display_name),
        )
        for one, currency, calls, seconds, net in groups
    ]
    columns = [column, env._("Calls"), env._("Minutes"), env._("Sales")]
    return table(key, title, columns, rows, empty=env._("No calls in these days."), target=opens(CALLS, sold))
