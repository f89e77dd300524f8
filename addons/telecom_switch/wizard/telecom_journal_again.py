from odoo import fields, models


class TelecomJournalAgain(models.TransientModel):
    """Asks the switch to read journal lines again; the text of a single line may be repaired first."""

    _name = "telecom.journal.again"
    _description = "Read Journal Lines Again"

    line_count = fields.Integer(readonly=True, string="Lines")
    line = fields.Text(help="As it was written. Repair it here, e.g. add what is missing at its end.")

    def action_apply(self):
        """Ask the bridges of the lines' nodes."""
        self.ensure_one()
        lines = self.env["telecom.journal.line"].browse(self.env.context.get("active_ids", []))
        lines.read_again(self.line if len(lines) == 1 else None)
        return {"type": "ir.actions.act_window_close"}
