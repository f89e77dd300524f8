"""Odoo logs a statement that fails with all its values: those on tables with secrets are cut to what failed."""

import logging
import re

STATEMENT_LOGGER = "odoo.sql_db"
SECRET = re.compile(r"password|digest|secret|token|api_key", re.IGNORECASE)
FIRST_WORDS = re.compile(r'\s*(insert\s+into|update|delete\s+from|select)\s*"?(\w*)', re.IGNORECASE)


class HidesSecrets(logging.Filter):
    """Replaces statement and error by verb, table and the error's first line, which names no value."""

    def filter(self, record):
        if str(record.msg).startswith("bad query") and isinstance(record.args, tuple) and len(record.args) == 2:
            statement, error = record.args
            if isinstance(statement, bytes):
                statement = statement.decode(errors="replace")
            if SECRET.search(str(statement)):
                found = FIRST_WORDS.match(str(statement))
                what = " ".join(found.groups()) if found else "statement"
                record.args = (f"{what} (values hidden: it may hold a secret)", str(error).splitlines()[0])
        return True


def hide_secrets_in_logs():
    """Put the filter on the logger of statements, once a process."""
    logger = logging.getLogger(STATEMENT_LOGGER)
    if not any(isinstance(one, HidesSecrets) for one in logger.filters):
        logger.addFilter(HidesSecrets())
