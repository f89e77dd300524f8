from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TelecomRouteLine(models.Model):
    """A trunk of a route, with its place in the order."""

    _name = "telecom.route.line"
    _description = "Route Line"
    _order = "route_id, priority, id"
    _rec_name = "trunk_id"

    route_id = fields.Many2one("telecom.route", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="route_id.company_id", store=True, index=True)
    trunk_id = fields.Many2one("telecom.trunk", required=True, ondelete="restrict", index=True)
    carrier_id = fields.Many2one(related="trunk_id.carrier_id")
    priority = fields.Integer(default=10, required=True, help="Lower is tried first.")
    weight = fields.Integer(
        default=1, required=True, help="Share of the calls among trunks of equal rank: 3 gets three times as many as 1."
    )

    _trunk_unique = models.Constraint("UNIQUE (route_id, trunk_id)", "This trunk is in the route already.")
    _priority_bounds = models.Constraint("CHECK (priority BETWEEN 1 AND 1000)", "A priority is from 1 to 1000.")
    _weight_bounds = models.Constraint("CHECK (weight BETWEEN 0 AND 1000)", "A weight is from 0 to 1000.")

    @api.constrains("route_id", "trunk_id")
    def _check_trunk_company(self):
        for line in self:
            if line.trunk_id.sudo().company_id != line.route_id.company_id:  # refused by its company, readable or not
                raise ValidationError(self.env._("Choose a trunk of the company that the route belongs to."))
