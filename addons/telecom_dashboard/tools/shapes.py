"""What the page draws, as plain values: tiles, charts, tables. The page knows nothing of telephony.

A figure is {"kind", "value", "unit"}: kind count, minutes, seconds, percent, money, text; `unit`: a currency's code.
`open` is what a click opens: {"action": xml id or path, "name", "domain"}.
"""


def figure(kind, value, unit=""):
    """Return one figure; `value` None is shown as nothing."""
    return {"kind": kind, "value": value, "unit": unit}


def money(value, currency):
    """Return an amount; `currency`: a record of res.currency, empty for none."""
    return figure("money", value, currency.name or "")


def opens(action, domain, name=False):
    """Return what a click opens: a window action with another domain."""
    return {"action": action, "domain": domain, "name": name}


def tile(key, title, value, *, note="", tone="", target=None):
    """Return a tile: a figure with a word below it. `tone`: success, warning, danger or nothing."""
    return {"key": key, "title": title, "figure": value, "note": note, "tone": tone, "open": target}


def chart(key, title, labels, series, *, kind="bar", unit="", targets=(), help=""):  # noqa: A002
    """Return a chart: `series` of {"title", "values", "color", "line"}; `targets`: what a click on each label opens."""
    return {
        "key": key,
        "title": title,
        "help": help,
        "kind": kind,
        "unit": unit,
        "labels": labels,
        "series": series,
        "targets": list(targets),
    }


def series(title, values, color, *, line=False):
    """Return one row of values of a chart. `color`: a name of the page's palette."""
    return {"title": title, "values": values, "color": color, "line": line}


def table(key, title, columns, rows, *, empty, target=None, help=""):  # noqa: A002
    """Return a table: `columns` of titles, `rows` of {"cells", "tone", "open"}; `empty`: said when there are none."""
    return {
        "key": key,
        "title": title,
        "help": help,
        "columns": columns,
        "rows": rows,
        "empty": empty,
        "open": target,
    }


def row(*cells, tone="", target=None):
    """Return a row of a table."""
    return {"cells": list(cells), "tone": tone, "open": target}


def text(value):
    """Return a cell with words."""
    return figure("text", value)
