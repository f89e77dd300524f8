import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.exceptions import UserError

from ..tools.columns import missing
from ..tools.compare import Comparison
from ..tools.parse import Layout

_logger = logging.getLogger(__name__)

AT_ONCE_BYTES = 2 * 2**20  # compared while the person waits (some seconds); bigger files by the job
REMEMBERED = ("timezone", "encoding", "date_order", "direction", "directions_swapped", "seconds_are", "start_is",
              "country_code", "strip_prefix", "tolerance_start_s", "tolerance_s", "tolerance_cost")  # fmt: skip
FIRST_PROBLEMS = 500


class TelecomCarrierStatement(models.Model):
    _inherit = "telecom.carrier.statement"

    def action_compare(self):
        """Compare now, or let the job do it when the file is big."""
        for statement in self:
            statement.check_access("write")
            statement._refuse_without_columns()
            if len(statement._data()) > AT_ONCE_BYTES:
                statement.write({"state": "queued", "message": False})
                self.env.ref("telecom_carrier_reconcile.cron_compare_statements").sudo()._trigger()
            else:
                statement._compare()

    def _refuse_without_columns(self):
        lacking = missing(self.column_ids.mapped("meaning"))
        if lacking:
            raise UserError(
                self.env._(
                    "No column is named as %(lacking)s. The file has: %(headers)s. Set what they mean on the page"
                    " Columns; if the right ones are not there, the carrier's file is another one.",
                    lacking=", ".join(lacking),
                    headers=", ".join(self.column_ids.mapped("header")) or "none",
                )
            )

    @api.model
    def _compare_queued(self):
        """The job: one file after the other, each in a transaction of its own."""
        for statement in self.search([("state", "=", "queued")], order="id"):
            try:
                with self.env.cr.savepoint():
                    statement._compare()
            except Exception:  # whatever it is, the next files and the next hour must not wait for this one
                _logger.exception("action=statement_failed id=%s", statement.id)
                words = self.env._("The comparison failed; the server's log says why. Tell the administrator.")
                statement.write({"state": "failed", "message": words})
            self.env["ir.cron"]._commit_progress(1)

    def _compare(self):
        """Compare a file with our legs; on refusal nothing of the last comparison is changed but the state."""
        self.ensure_one()
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                result = Comparison(self.env.cr, self._data(), self._layout(), self._bounds(), self._rules()).run()
        except FileRefusedError as error:
            self.write({"state": "failed", "message": str(error)})
            return
        self.env.invalidate_all()
        self.problem_ids.unlink()
        problems = [{"line": line, "reason": reason} for line, reason in result.problems[:FIRST_PROBLEMS]]
        updates = {
            "problem_ids": [fields.Command.create(one) for one in problems],
            "problem_count": len(result.problems),
            "unanswered": result.unanswered,
        }
        if result.totals is None:
            updates |= {"state": "problems", "message": self._problem_words(result)}
        else:
            updates |= {"state": "done", "message": False, "compared_at": fields.Datetime.now(), **result.totals}
            self._remember()
        self.write(updates)
        _logger.info("action=statement_compared id=%s state=%s lines=%s", self.id, self.state, result.lines)

    def _problem_words(self, result):
        if not result.lines:
            return self.env._("No line of the file can be read as a call. Look at the columns and at the first lines.")
        return self.env._(
            "%(bad)s of %(all)s lines cannot be read, so nothing was compared. Correct the settings or the file, or"
            " tick 'Leave Out Unreadable Lines'.",
            bad=len(result.problems),
            all=result.lines + len(result.problems) + result.unanswered,
        )

    def _layout(self):
        return Layout(
            places={column.meaning: column.place for column in self.column_ids if column.meaning != "ignore"},
            width=len(self.column_ids),
            timezone=self.timezone,
            encoding=self.encoding,
            date_order=self.date_order,
            country_code=self.country_code or "",
            strip_prefix=self.strip_prefix or "",
            direction=self.direction,
            swapped=self.directions_swapped,
        )

    def _bounds(self):
        """Return (from, to) of the period as aware instants; None: as the file begins and ends."""
        zone = ZoneInfo(self.timezone)
        begins = datetime.combine(self.date_from, time(), zone) if self.date_from else None
        ends = datetime.combine(self.date_to + timedelta(days=1), time(), zone) if self.date_to else None
        return begins, ends

    def _rules(self):
        meanings = set(self.column_ids.mapped("meaning"))
        return {
            "statement": self.id,
            "carrier": self.carrier_id.id,
            "currency": self.currency_id.name,
            "directions": ["outbound", "inbound"] if self.direction == "column" else [self.direction],
            "start_is": self.start_is,
            "billed": self.seconds_are == "billed",
            "costs": "cost" in meanings,
            "tolerance_ms": self.tolerance_start_s * 1000,
            "tolerance_s": self.tolerance_s,
            "tolerance_micro": round(self.tolerance_cost * 1_000_000),
            "skip_unreadable": self.skip_unreadable,
            "zone": self.timezone,
        }

    def _remember(self):
        """Keep for the carrier's next file how this one was read."""
        layout = {
            "columns": {column.header: column.meaning for column in self.column_ids},
            "settings": {name: self[name] for name in REMEMBERED},
        }
        self.carrier_id.sudo().statement_layout = layout  # an accountant may compare, but not change carriers
