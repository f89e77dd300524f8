from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import teller

LEAST_MONTHS = 12


class TelecomAuditKeep(models.TransientModel):
    """How long the trail is kept: decided by the owner's administrator, and itself a line of the trail."""

    _name = "telecom.audit.keep"
    _description = "Keep the Audit Trail"

    for_ever = fields.Boolean(default=lambda self: not self._months_now(), string="Keep for Ever")
    months = fields.Integer(
        default=lambda self: self._months_now() or 120,
        help="Lines that are older are deleted once a day. At least 12. Ask which law binds you: often 6 to 10 years.",
    )

    @api.model
    def _months_now(self):
        self.env.cr.execute("SELECT months FROM telecom_audit_keeping")
        return self.env.cr.fetchone()[0]

    def action_keep(self):
        """Store it. Raises UserError for less than a year, AccessError for anybody but the owner's administrator."""
        self.ensure_one()
        if not self.env.user.has_group("telecom_base.group_admin"):
            raise AccessError(self.env._("Only the owner's administrator decides how long the audit trail is kept."))
        if not self.for_ever and self.months < LEAST_MONTHS:
            raise UserError(
                self.env._(
                    "%(months)s months is too short: the audit trail is kept for at least %(least)s months.",
                    months=self.months,
                    least=LEAST_MONTHS,
                )
            )
        teller.note(self.env)
        teller.tell(self.env)
        months = None if self.for_ever else self.months
        self.env.cr.execute("UPDATE telecom_audit_keeping SET months = %s", [months])
        return {"type": "ir.actions.act_window_close"}
