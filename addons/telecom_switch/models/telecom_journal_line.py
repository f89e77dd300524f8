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
    state = fields.Selection([("open", "Open"), ("resolved", "Resolved")], readonly=True)
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
