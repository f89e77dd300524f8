"""The statements that `rows.read` names, for a reader whose parameters are not written $1, $2."""

import re
from functools import cache

from ..store.queries import query


@cache
def named_statement(name: str) -> str:
    """Text of a query with parameters %(p1)s, %(p2)s (psycopg2)."""
    return re.sub(r"\$(\d+)", r"%(p\1)s", query(name).replace("%", "%%"))
