"""A database of a test module's own: a clone of the template with all addons, and a builder that fills it by SQL.

BSS_TEST_DSN is a superuser's DSN of a cluster, BSS_TEST_TEMPLATE its template database, BSS_TEST_ROLES (optional) a
JSON file of role passwords. Amounts are decimal text or numbers in the tables, micro-units where a name says so.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

BRIDGE_ROLE = "bss_bridge"

_FILLERS: Mapping[str, Any] = {
    "boolean": False, "integer": 0, "bigint": 0, "smallint": 0, "numeric": 0, "double precision": 0,
    "character varying": "", "text": "", "jsonb": Jsonb({}), "date": "2026-01-01",
    "timestamp without time zone": "2026-01-01", "timestamp with time zone": "2026-01-01Z",
}  # fmt: skip
"""What a column holds that must hold something and of which the test says nothing."""


def is_there() -> bool:
    """True when the environment names a cluster and a template."""
    return bool(os.environ.get("BSS_TEST_DSN") and os.environ.get("BSS_TEST_TEMPLATE"))


class Database:
    """One clone, dropped by `close`. `own_server`: superuser's DSN of another cluster than the run's: it may die."""

    def __init__(self, name: str, *, own_server: str = "") -> None:
        self.name = name
        self._server_dsn = own_server or os.environ["BSS_TEST_DSN"]
        with self._server() as server:
            server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            template = os.environ["BSS_TEST_TEMPLATE"]
            owner = "select pg_get_userbyid(datdba) from pg_database where datname = %s"  # he makes partitions
            (found,) = server.execute(owner, [template]).fetchone() or ("postgres",)
            names = map(sql.Identifier, (name, found, template))
            server.execute(sql.SQL("create database {} owner {} template {}").format(*names))
            if own_server:
                # a copied sequence may give the numbers that its template has logged ahead without logging them again:
                # killed before the next checkpoint, the server would give them twice
                server.execute("checkpoint")
        self._connection = psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row)

    @property
    def dsn(self) -> str:
        """Superuser's DSN of the clone."""
        return self._dsn_of(None, None)

    def bridge_dsn(self, address: tuple[str, int] | None = None) -> str:
        """DSN of the bridge's own role, by default straight to the server; `address` for a way round."""
        return self._dsn_of(BRIDGE_ROLE, address)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the server."""
        parts = urlsplit(self._server_dsn)
        return parts.hostname or "127.0.0.1", parts.port or 5432

    def all(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of a query."""
        cursor = self._connection.execute(query, values or None)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description is not None else []

    def one(self, query: str, *values: Any) -> dict[str, Any]:
        """The only row of a query."""
        (row,) = self.all(query, *values)
        return row

    def value(self, query: str, *values: Any) -> Any:
        """The only value of the only row."""
        (value,) = self.one(query, *values).values()
        return value

    def insert(self, table: str, **values: Any) -> int:
        """Insert a row; columns that must be filled and are not named get a neutral value. Returns its id."""
        row = {**self._required(table, values), **values}
        return self._insert(table, row)

    def copy_row(self, table: str, row_id: int, **changes: Any) -> int:
        """Insert a copy of a row with some values changed. Returns its id."""
        row = self.one(f"select * from {table} where id = %s", row_id)  # noqa: S608  names of ours
        row.pop("id")
        plain = {key: Jsonb(value) if isinstance(value, dict | list) else value for key, value in row.items()}
        return self._insert(table, {**plain, **changes})

    def end_connections(self, role: str = BRIDGE_ROLE) -> None:
        """Break every connection of a role, as a restart of the server does."""
        self.all(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s and datname = %s",
            role, self.name,
        )  # fmt: skip

    def accept_connections(self, *, accept: bool) -> None:
        """Let new clients in, or refuse them."""
        with self._server() as server:
            statement = sql.SQL("alter database {} with allow_connections {}")
            server.execute(statement.format(sql.Identifier(self.name), sql.Literal(accept)))

    def close(self) -> None:
        """Drop the clone."""
        self._connection.close()
        with self._server() as server:
            server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name)))

    def _server(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server_dsn, autocommit=True)

    def _insert(self, table: str, row: Mapping[str, Any]) -> int:
        statement = sql.SQL("insert into {} ({}) values ({}) returning id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() for _ in row),
        )
        cursor = self._connection.execute(statement, list(row.values()))
        found = cursor.fetchone()
        assert found is not None
        return int(found["id"])

    def _required(self, table: str, given: Mapping[str, Any]) -> dict[str, Any]:
        columns = self.all(
            "select column_name, data_type from information_schema.columns where table_name = %s"
            " and table_schema = 'public' and is_nullable = 'NO' and column_default is null",
            table,
        )
        return {
            column["column_name"]: _FILLERS[column["data_type"]]
            for column in columns
            if column["column_name"] not in given
        }

    def _dsn_of(self, role: str | None, address: tuple[str, int] | None) -> str:
        parts = urlsplit(self._server_dsn)
        user, password = parts.username or "postgres", parts.password
        if role is not None:
            user, password = role, _role_password(role)
        host, port = address or (parts.hostname or "127.0.0.1", parts.port or 5432)
        login = f"{user}:{password}" if password else user
        return urlunsplit((parts.scheme, f"{login}@{host}:{port}", f"/{self.name}", parts.query, ""))


def _role_password(role: str) -> str | None:
    roles = os.environ.get("BSS_TEST_ROLES")
    return json.loads(Path(roles).read_text(encoding="utf-8")).get(role) if roles else None
