"""Triggers that write the audit trail: made from a description of each table, one function for each kind of statement.

They see the rows before and after a statement as a whole, so that a price list of a million lines costs one pass, and
nothing escapes them: pages, methods, imports and SQL typed by hand look alike to them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from odoo.tools.misc import file_path

AT_MOST = 1_000
"""Rows of a statement that get a line each; of more, a line holds as many, or the price list that they came from."""

PREFIX = "telecom_audit_on_"
LINKS = ("company", "plan", "account", "carrier", "of_user")
STATEMENTS = {"insert": "added", "update": "changed", "delete": "removed"}


@dataclass(frozen=True)
class Value:
    """A column that is watched: what it decides, and how its value is written. A secret is never written."""

    category: str
    sql: str = ""  # of the row `r`, as text; empty: the column itself
    secret: bool = False

    def text(self, name: str, row: str) -> str:
        """Return SQL of what may be read of it."""
        plain = self.raw(name, row)
        return f"case when {plain} is not null then '(secret)' end" if self.secret else plain

    def raw(self, name: str, row: str) -> str:
        """Return SQL of what it is."""
        return of_row(self.sql or f'r."{name}"::text', row)


def of_row(sql: str, row: str) -> str:
    """Return SQL that is written for the row `r`, for another row."""
    return re.sub(r"\br\.", f"{row}.", sql)


def plain(category: str, *names: str) -> dict[str, Value]:
    """Columns that are written as they are."""
    return {name: Value(category) for name in names}


def amount(category: str, column: str) -> Value:
    """A decimal without the zeros at its end."""
    return Value(category, f"trim_scale(r.{column}::numeric)::text")


def micro(category: str, column: str) -> Value:
    """An integer of 1/1,000,000 unit, as a decimal."""
    return Value(category, f"trim_scale(r.{column} / 1000000.0)::text")


def moment(category: str, column: str) -> Value:
    """An instant, in UTC."""
    return Value(category, f"to_char(r.{column}, 'YYYY-MM-DD HH24:MI:SS')")


def named(category: str, column: str, table: str, name: str = "name") -> Value:
    """What a row of another table is called now, since it may have another name when the line is read."""
    return Value(category, f"(select one.{name} from {table} one where one.id = r.{column})")  # noqa: S608  # names of ours


@dataclass(frozen=True)
class Watch:
    """A table of the trail. SQL is of the row `r`; what belongs to nobody is `null`."""

    table: str
    model: str
    category: str  # of rows that are added or removed
    name: str
    values: dict  # field of the model: Value
    company: str = "null::integer"
    plan: str = "null::integer"
    account: str = "null::integer"
    carrier: str = "null::integer"
    of_user: str = "null::integer"
    by_user: str = "null::integer"  # who did it, where the row itself knows
    record: str = "r.id"
    parent: str = ""  # column that rows of one price list have in common; company, plan, carrier rest on it alone
    whole: str = ""  # field that a row of a relation is a value of
    only: str = ""  # condition of NEW: single rows are looked at, as they are added


def start_watching(cr, watch: Watch) -> None:
    """Make the triggers of a table, or make them anew."""
    _check(cr, watch)
    template = Path(file_path("telecom_audit/sql/20_watch.sql")).read_text(encoding="utf-8")
    for statement, action in STATEMENTS.items():
        if (watch.only and statement != "insert") or (watch.whole and statement == "update"):
            continue
        rows = "(select new.*)" if watch.only else "old_rows" if statement == "delete" else "new_rows"
        function = f"{PREFIX}{statement}_{watch.table}"
        places = {
            "table": watch.table,
            "function": function,
            "rows": rows,
            "at_most": AT_MOST,
            "action": action,
            "of_price_lists": "true" if watch.parent else "false",
            "changes": _changes(watch, statement, rows),
            **{name: getattr(watch, name) for name in ("model", "category", *LINKS)},
            "parent": watch.parent or "null",
        }
        cr.execute(template.format(**places))  # pylint: disable=sql-injection  # texts of our own source tree
        cr.execute(_trigger(watch, statement, function))  # pylint: disable=sql-injection  # as above
    cr.execute(  # pylint: disable=sql-injection  # as above
        f"create or replace trigger {PREFIX}truncate after truncate on {watch.table}"
        f" for each statement execute function telecom_audit_truncated('{watch.model}', '{watch.category}')"
    )


def _check(cr, watch: Watch) -> None:
    """Raise PostgreSQL's error when a column is not there (any more): now, not when somebody writes to the table."""
    values = [value.raw(name, "r") for name, value in watch.values.items()]
    links = [getattr(watch, name) for name in ("record", "name", "by_user", *LINKS)]
    every = ", ".join([*values, *links])
    query = f"select {every} from {watch.table} r limit 0"  # noqa: S608  # texts of our own source tree
    cr.execute(query)  # pylint: disable=sql-injection


def stop_watching(cr) -> None:
    """Take every trigger of the trail away."""
    cr.execute(
        """
        select distinct tgname, tgrelid::regclass::text from pg_trigger
         where starts_with(tgname, %s) and not tgisinternal
        """,
        [PREFIX],
    )
    for trigger, table in cr.fetchall():
        cr.execute(f"drop trigger {trigger} on {table}")  # pylint: disable=sql-injection  # names from the catalogue


def _trigger(watch: Watch, statement: str, function: str) -> str:
    old, new = "old table as old_rows", "new table as new_rows"
    seen = {"insert": new, "update": f"{old} {new}", "delete": old}[statement]
    scope = f"for each row when ({watch.only})" if watch.only else f"referencing {seen} for each statement"
    return (
        f"create or replace trigger {PREFIX}{statement} after {statement} on {watch.table} {scope}"
        f" execute function {function}()"
    )


def _changes(watch: Watch, statement: str, rows: str) -> str:
    """Return the query of what a statement did, a row for each line."""
    if statement == "update":
        pairs = ", ".join(
            f"('{name}', '{value.category}', {value.raw(name, 'o')}, {value.raw(name, 'r')},"
            f" {value.text(name, 'o')}, {value.text(name, 'r')})"
            for name, value in watch.values.items()
        )
        before = of_row(watch.record, "o")
        source = (
            f"old_rows o join new_rows r on {before} = {watch.record} cross join lateral"
            f" (values {pairs}) as v (field, category, old_raw, new_raw, old_value, new_value)"
            " where v.old_raw is distinct from v.new_raw"
        )
        return _query(watch, source, **{name: f"v.{name}" for name in ("field", "category", "old_value", "new_value")})
    return _query(
        watch,
        f"{rows} r",
        field=f"'{watch.whole}'" if watch.whole else "null",
        category=f"'{watch.category}'",
        **{"new_value" if statement == "insert" else "old_value": _whole(watch)},
    )


def _query(watch: Watch, source: str, *, field: str, category: str, old_value: str = "null", new_value: str = "null"):
    links = ", ".join(f"{getattr(watch, link)} as {link}_id" for link in LINKS)
    return (
        f"select {watch.record} as record_id, {watch.name} as record_name, {links}, {watch.by_user} as by_user,"  # noqa: S608  # texts of our own
        f" {field}::text as field, {category}::text as category, {old_value}::text as old_value,"
        f" {new_value}::text as new_value from {source}"
    )


def _whole(watch: Watch) -> str:
    """Return SQL of all values of a row in one text; a relation's row is one value, without its name."""
    if watch.whole:
        (value,) = watch.values.values()
        return value.text("", "r")
    parts = [f"'{name} ' || {value.text(name, 'r')}" for name, value in watch.values.items()]
    return f"concat_ws(', ', {', '.join(parts)})" if parts else "null"
