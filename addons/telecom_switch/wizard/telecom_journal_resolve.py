from odoo import fields, models


class TelecomJournalResolve(models.TransientModel):
    """Asks what was done about journal lines that were set aside."""

    _name = "telecom.journal.resolve"
    _description = "Resolve Journal Lines"

    line_count = fields.Integer(readonly=True, string="Lines")
    what_was_done = fields.Char(required=True, help="E.g. charged by hand with entry 512; no call, nothing to charge.")

    def action_apply(self):
        """Mark the lines of the context as resolved, with the text given."""
        self.ensure_one()
        lines = self.env["telecom.journal.line"].browse(self.env.context.get("active_ids", []))
        lines.resolve(self.what_was_done)
        return {"type": "ir.actions.act_window_close"}
