import hashlib
from pathlib import Path

from odoo import models
from odoo.addons.telecom_base.tools.sql import run_sql_file
from odoo.tools import SQL
from odoo.tools.misc import file_path

ADDON = "telecom_switch"
VIEW_FILES = (
    "20_views_account.sql",
    "21_views_price.sql",
    "22_views_route.sql",
    "23_views_detour.sql",
    "24_views_class.sql",
    "24_views_allowance.sql",
    "24_views_spend.sql",
    "30_asterisk.sql",
)
# A view of the pages is no part of the seam but stands on its tables.
PAGE_FILES = ("60_pages.sql", "65_live_pages.sql")

_SEAM_VIEWS = SQL(
    """select format('%%I.%%I', schemaname, viewname) as name from pg_views
        where schemaname = 'asterisk' or schemaname = 'public' and viewname like 'switch\\_v_\\_%%'"""
)


def _fingerprint():
    """Return what the view files say, as a short text that is kept beside the views."""
    digest = hashlib.sha256()
    for name in VIEW_FILES:
        digest.update(Path(file_path(f"{ADDON}/sql/{name}")).read_bytes())
    return digest.hexdigest()


def _fingerprint_in_force(cr):
    """Return the fingerprint that the views in the database were made from; None when a view is missing."""
    cr.execute("select obj_description(to_regclass('switch_v1_contract'), 'pg_class')")
    comment = cr.fetchone()[0] or ""
    cr.execute(_SEAM_VIEWS)
    fingerprint, _space, count = comment.partition(" ")
    return fingerprint if count == str(len(cr.fetchall())) else None


def _drop_views(cr):
    cr.execute(_SEAM_VIEWS)
    for (view,) in cr.fetchall():
        cr.execute(SQL("drop view if exists %s cascade", SQL(view)))  # quoted by format() above


def drop_schema(cr):
    """Drop every view and trigger of the seam, and what stands on them."""
    _drop_views(cr)
    cr.execute("drop schema if exists asterisk")
    cr.execute("drop function if exists telecom_switch_uncount cascade")
    cr.execute(
        "drop function if exists telecom_switch_notify, telecom_switch_notify_deck, telecom_live_changed cascade"
    )


class TelecomSwitchSchema(models.AbstractModel):
    """Makes the seam at every install and update: tables of the bridges, views, triggers, rights."""

    _name = "telecom.switch.schema"
    _description = "Seam of the Switch"

    def init(self):
        """Bring the seam up to date in the update's own transaction.

        Views that are whole and unchanged are left alone: dropping them would make Asterisk wait for the update's
        end. An update that changed a column below has dropped the view on it already, then all are made again.
        """
        cr = self.env.cr
        run_sql_file(cr, ADDON, "10_tables.sql")
        run_sql_file(cr, ADDON, "15_limits.sql")
        run_sql_file(cr, ADDON, "16_covered.sql")
        run_sql_file(cr, ADDON, "16_journal.sql")
        if _fingerprint_in_force(cr) != _fingerprint():
            self._make_views()
        run_sql_file(cr, ADDON, "40_notify.sql")
        run_sql_file(cr, ADDON, "45_live.sql")
        run_sql_file(cr, ADDON, "50_rights.sql")
        for name in PAGE_FILES:
            run_sql_file(cr, ADDON, name)

    def _make_views(self):
        cr = self.env.cr
        _drop_views(cr)
        for name in VIEW_FILES:
            run_sql_file(cr, ADDON, name)
        cr.execute(_SEAM_VIEWS)
        comment = f"{_fingerprint()} {len(cr.fetchall())}"
        cr.execute(SQL("comment on view switch_v1_contract is %s", comment))
