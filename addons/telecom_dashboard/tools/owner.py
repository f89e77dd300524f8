"""The dashboard of the owner's staff: from call records, with costs for those who see costs."""

from collections import defaultdict

from odoo.addons.telecom_base.tools.roles import COSTS
from odoo.addons.telecom_call.tools.words import cause_in_words

from .common import ROWS, money_tiles, near_zero, traffic_chart
from .days import Days
from .owner_now import failing, owner_now
from .shapes import chart, figure, money, opens, row, series, table, text, tile

CALLS = "telecom_call.action_call_record"
ACCOUNTS = "telecom_base.action_billing_account"
__all__ = ["owner_figures", "owner_now"]


def owner_figures(env, period):
    """Return tiles, charts and tables of a period. Without the right to see costs there is no amount but balances."""
    sees_costs = env.user.has_group(COSTS)
    days = _days(env, period, sees_costs)
    targets = [opens(CALLS, period.domain_of_day(day), day.isoformat()) for day in period.days]
    charts = [traffic_chart(env, days, period, targets, title=env._("Legs"))]
    if sees_costs:
        charts += [_money_chart(env, days, currency, period, targets) for currency in days.currencies[:3]]
    carriers, causes = _attempts(env, period)
    tables = [carriers, _destinations(env, period), failing(env), near_zero(env, opens(ACCOUNTS, []))]
    if sees_costs:
        tables.insert(3, _losses(env, period))
    return {
        "tiles": [*_tiles(env, days, period), *_money_tiles(env, days, period, sees_costs)],
        "charts": [*charts, causes],
        "tables": tables,
        "empty": not days.total("legs"),
    }


def _days(env, period, sees_costs):
    """Sum the period in one query, by day, result and currency of the margin."""
    amounts = ["margin:sum", "carrier_cost:sum", "carrier_revenue:sum"] if sees_costs else []
    by = ["started_at:day", "disposition", *(["margin_currency_id"] if sees_costs else [])]
    none = env["res.currency"]
    days = Days(period)
    for group in env["telecom.call.record"]._read_group(period.domain(), by, ["__count", "answered_s:sum", *amounts]):
        at, disposition, *rest = group
        currency = rest.pop(0) if sees_costs else none
        legs, seconds, *sums = rest
        margin, cost, pays = [one or 0 for one in sums] if sees_costs else (0, 0, 0)
        days.add(
            at,
            currency,
            legs=legs,
            answered=legs if disposition == "answered" else 0,
            seconds=seconds,
            sales=margin + cost - pays,
            pays=pays,
            cost=cost,
            margin=margin,
        )
    return days


def _tiles(env, days, period):
    legs, answered, seconds = days.total("legs"), days.total("answered"), days.total("seconds")
    every = opens(CALLS, period.domain())
    share = figure("percent", answered / legs if legs else None)
    return [
        tile("legs", env._("Legs"), figure("count", legs), note=env._("attempts, answered or not"), target=every),
        tile("asr", env._("Answered"), share, note=env._("of all legs"), target=every),
        tile("minutes", env._("Minutes"), figure("minutes", seconds / 60), note=env._("answered"), target=every),
    ]


def _money_tiles(env, days, period, sees_costs):
    answered = opens(CALLS, [*period.domain(), ("disposition", "=", "answered")])
    names = {
        "sales": (env._("Sales"), env._("without tax"), answered),
        "cost": (env._("Cost"), env._("carriers"), answered),
        "margin": (env._("Margin"), env._("sales + carriers pay - cost"), answered),
    }
    return money_tiles(days, names) if sees_costs else []


def _money_chart(env, days, currency, period, targets):
    return chart(
        f"money_{currency.name}",
        env._("Sales, cost and margin by day, %s", currency.name),
        period.labels,
        [
            series(env._("Sales"), days.values("sales", currency), "blue"),
            series(env._("Cost"), days.values("cost", currency), "gray"),
            series(env._("Margin"), days.values("margin", currency), "green", line=True),
        ],
        unit=currency.name,
        targets=targets,
    )


def _attempts(env, period):
    """Return the table of carriers and the chart of causes, from one query."""
    domain = [*period.domain(), ("carrier_id", "!=", False), ("direction", "=", "outbound")]
    groups = env["telecom.call.record"]._read_group(
        domain, ["carrier_id", "disposition", "hangup_cause"], ["__count", "answered_s:sum"]
    )
    sums = _Attempts()
    causes = defaultdict(int)
    for carrier, disposition, cause, legs, seconds in groups:
        sums.add(carrier, disposition, legs, seconds)
        if disposition != "answered" and cause:
            causes[cause] += legs
    return _carriers(env, domain, sums), _causes(env, domain, causes)


class _Attempts:
    """How attempts went, by carrier or destination."""

    def __init__(self):
        self._sums = defaultdict(lambda: {"legs": 0, "answered": 0, "failed": 0, "seconds": 0})

    def add(self, key, disposition, legs, seconds):
        """Add attempts with one result."""
        self._sums[key]["legs"] += legs
        self._sums[key]["seconds"] += seconds or 0
        if disposition in ("answered", "failed"):
            self._sums[key][disposition] += legs

    def rows(self, domain, field, nameless):
        """Return the rows of a table, what was tried most first: attempts, ASR, ACD, failed."""
        most = sorted(self._sums.items(), key=lambda item: (-item[1]["legs"], item[0].id))[:ROWS]
        return [
            row(
                text(key.display_name or nameless),
                figure("count", one["legs"]),
                figure("percent", one["answered"] / one["legs"]),
                figure("seconds", one["seconds"] / one["answered"] if one["answered"] else None),
                figure("percent", one["failed"] / one["legs"]),
                target=opens(CALLS, [*domain, (field, "=", key.id)], key.display_name or nameless),
            )
            for key, one in most
        ]


def _attempts_table(env, key, title, first, rows, domain):  # noqa: PLR0917
    """Return a table of attempts. `first`: title of its first column."""
    return table(
        key,
        title,
        [first, env._("Attempts"), env._("ASR"), env._("ACD"), env._("Failed")],
        rows,
        empty=env._("No calls to carriers in these days."),
        target=opens(CALLS, domain),
        help=env._("ASR: answered of all attempts. ACD: mean length of the answered ones. Failed: neither answered nor"
                   " busy, not answered or given up."),
    )  # fmt: skip


def _carriers(env, domain, sums):
    rows = sums.rows(domain, "carrier_id", "")
    return _attempts_table(env, "carriers", env._("Carriers, calls out"), env._("Carrier"), rows, domain)


def _destinations(env, period):
    """Return the table of the destinations that are tried most, from one query."""
    domain = [*period.domain(), ("carrier_id", "!=", False), ("direction", "=", "outbound")]
    sums = _Attempts()
    for group in env["telecom.call.record"]._read_group(
        domain, ["destination_id", "disposition"], ["__count", "answered_s:sum"]
    ):
        sums.add(*group)
    rows = sums.rows(domain, "destination_id", env._("Without a destination"))
    return _attempts_table(env, "destinations", env._("Top destinations"), env._("Destination"), rows, domain)


def _causes(env, domain, causes):
    most = sorted(causes.items(), key=lambda item: -item[1])[:ROWS]
    return chart(
        "causes",
        env._("Why attempts were not answered"),
        [cause_in_words(cause) for cause, _legs in most],
        [series(env._("Attempts"), [legs for _cause, legs in most], "red")],
        kind="bars",
        targets=[
            opens(CALLS, [*domain, ("hangup_cause", "=", cause), ("disposition", "!=", "answered")])
            for cause, _legs in most
        ],
    )


def _losses(env, period):
    """Return the table of destinations that cost more than they brought."""
    domain = [*period.domain(), ("margin", "<", 0)]
    groups = env["telecom.call.record"]._read_group(
        domain,
        ["destination_id", "carrier_id", "margin_currency_id"],
        ["__count", "margin:sum"],
        order="margin:sum",
        limit=ROWS,
    )
    rows = [
        row(
            text(destination.name or env._("Without a destination")),
            text(carrier.display_name or ""),
            figure("count", legs),
            money(margin, currency),
            tone="danger",
            target=opens(
                CALLS,
                [*domain, ("destination_id", "=", destination.id), ("carrier_id", "=", carrier.id)],
                destination.name,
            ),
        )
        for destination, carrier, currency, legs, margin in groups
    ]
    return table(
        "losses",
        env._("Calls at a loss"),
        [env._("Destination"), env._("Carrier"), env._("Calls"), env._("Lost")],
        rows,
        empty=env._("No call cost more than it brought."),
        target=opens(CALLS, domain),
    )
