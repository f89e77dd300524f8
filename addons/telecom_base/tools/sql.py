"""SQL files of the addons: tables, views and functions that the ORM does not make."""

from functools import cache
from pathlib import Path

from odoo.tools import SQL
from odoo.tools.misc import file_path


def run_sql_file(cr, addon: str, name: str) -> None:
    """Execute `<addon>/sql/<name>` whole, in the caller's transaction.

    The file must be safe to run again: it runs at every install and update of its addon. A percent sign in it
    is not a placeholder. Raises FileNotFoundError when the file is not there, and what PostgreSQL raises.
    """
    text = Path(file_path(f"{addon}/sql/{name}")).read_text(encoding="utf-8")
    cr.execute(text)  # pylint: disable=sql-injection  # text of our own source tree, no outside value in it


@cache
def sql_text(addon: str, name: str) -> str:
    """Return `<addon>/sql/<name>`, the text of a statement. Raises FileNotFoundError."""
    return Path(file_path(f"{addon}/sql/{name}")).read_text(encoding="utf-8")


def close_functions(cr, prefix: str) -> None:
    """Let nobody call the functions `<prefix>...` but their owner (Odoo's role) and those whom others grant them to.

    To be called after the files that make them: PostgreSQL lets everybody execute a new function.
    """
    cr.execute(
        """
        SELECT proc.oid::regprocedure::text
          FROM pg_proc proc JOIN pg_namespace space ON space.oid = proc.pronamespace
         WHERE space.nspname = 'public' AND starts_with(proc.proname, %s)
        """,
        [prefix],
    )
    for (signature,) in cr.fetchall():
        cr.execute(SQL("REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC", SQL(signature)))  # a name that PostgreSQL quoted


def run_sql_files(cr, addon: str, *names: str) -> None:
    """Execute several files of one addon in the order given."""
    for name in names:
        run_sql_file(cr, addon, name)
