from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

RESOLVERS = ("telecom_base.group_support", "telecom_base.group_accountant", "telecom_base.group_admin")


class TelecomJournalLine(models.Model):
    """A line of the leg journal that could not be read: nothing was charged for it, a person has to look."""

    _name = "telecom.journal.line"
    _description = "Journal Line Set Aside"
    _table = "telecom_journal_line_page"
    _auto = False
    _log_access = False
    _order = "set_aside_at desc, id desc"
    _rec_name = "reason"

    node = fields.Char(readonly=True)
    reason = fields.Char(readonly=True, help="Why the bridge could not read the line.")
    line = fields.Text(readonly=True, help="The line as it stands in the journal.")
    file_id = fields.Char(readonly=True, help="Which journal file (device and inode).")
    line_offset = fields.Integer(string="Offset", readonly=True, aggregator=None, help="Position in the file (bytes).")
    set_aside_at = fields.Datetime(readonly=True)
    state = fields.Selection([("open", "Open"), ("asked", "Being Read Again"), ("resolved", "Resolved")], readonly=True)
    resolved_at = fields.Datetime(string="Resolved on", readonly=True)
    resolved_by = fields.Many2one("res.users", readonly=True)
    resolution = fields.Char(readonly=True, help="What was done about it.")

    def resolve(self, what_was_done):
        """Mark lines as looked at; `what_was_done` says what came of them (e.g. charged by hand, entry 512)."""
        self._check_may_resolve()
        if not (what_was_done or "").strip():
            raise UserError(self.env._("Say what was done about the line."))
        self.env.cr.execute(
            SQL("select telecom_journal_resolve(%s::bigint[], %s, %s)", self.ids, self.env.uid, what_was_done.strip())
        )
        self.invalidate_recordset()

    repaired_line = fields.Text(readonly=True, help="The text that was read again, where somebody repaired it.")
    again_answer = fields.Char(
        string="Read Again", readonly=True, help="What came of reading the line again; empty: nobody asked."
    )

    def read_again(self, repaired=None):
        """Ask the switch to read open lines again; `repaired` is the text to read in place of a single line's own.

        A leg that is in the books by then is not charged again.
        """
        self._check_may_resolve()
        self.env.cr.execute(
            SQL(
                "select telecom_journal_read_again(%s::bigint[], %s, %s)",
                self.ids,
                self.env.uid,
                (repaired or "").strip("\r\n") or None,
            )
        )
        self.invalidate_recordset()

    def action_read_again(self):
        """Let a person repair the text of a line and have it read again."""
        self._check_may_resolve()
        line = (self.repaired_line or self.line) if len(self) == 1 else False
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read journal lines again"),
            "res_model": "telecom.journal.again",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_count": len(self), "default_line": line, "active_ids": self.ids},
        }

    def _check_may_resolve(self):
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in RESOLVERS):
            raise AccessError(self.env._("Only support, accountants and administrators may resolve journal lines."))

    def action_resolve(self):
        """Ask what was done about the chosen lines."""
        self._check_may_resolve()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve journal lines"),
            "res_model": "telecom.journal.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_count": len(self), "active_ids": self.ids},
        }
