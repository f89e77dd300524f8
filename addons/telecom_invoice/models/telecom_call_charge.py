from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SEEN_BY = "telecom_base.group_accountant,telecom_base.group_auditor"


class TelecomCallCharge(models.Model):
    _inherit = "telecom.call.charge"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_move_id",
        search="_search_move_id",
        groups=SEEN_BY,
        help="The invoice or credit note that it is on. Empty: it is to be invoiced, or was paid in advance.",
    )

    def _compute_move_id(self):
        self.env.cr.execute(
            "select charge_id, move_id from telecom_invoiced_charge where charge_id = any (%s)", [self.ids]
        )
        found = dict(self.env.cr.fetchall())
        moves = self.env["account.move"].search([("id", "in", list(set(found.values())))])  # those that may be read
        for charge in self:
            charge.move_id = moves.browse(found.get(charge.id)) & moves

    def _search_move_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        on_these = SQL(
            "(select charge_id from telecom_invoiced_charge where move_id = any (%s))", [one for one in value if one]
        )
        domain = Domain("id", "in", on_these)
        if False in value:
            domain |= Domain("id", "not in", SQL("(select charge_id from telecom_invoiced_charge)"))
        return domain
