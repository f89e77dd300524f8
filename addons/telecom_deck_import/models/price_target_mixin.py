from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TelecomPriceTarget(models.AbstractModel):
    """What prices are imported to or exported from: a carrier's deck in one direction, or a rate plan."""

    _name = "telecom.price.target.mixin"
    _description = "Deck or Rate Plan"

    carrier_id = fields.Many2one("telecom.carrier", ondelete="cascade", index="btree_not_null")
    direction = fields.Selection(
        [("outbound", "We Pay (calls out)"), ("inbound", "Carrier Pays (calls in)")], default="outbound", required=True
    )
    plan_id = fields.Many2one("telecom.rate.plan", string="Rate Plan", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", compute="_compute_owner", store=True, index=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_owner", store=True)

    @api.depends("carrier_id.company_id", "plan_id.company_id", "carrier_id.currency_id", "plan_id.currency_id")
    def _compute_owner(self):
        for record in self:
            target = record._target()
            record.company_id = target.company_id
            record.currency_id = target.currency_id

    @api.constrains("carrier_id", "plan_id")
    def _check_target(self):
        for record in self:
            if bool(record.carrier_id) == bool(record.plan_id):
                raise ValidationError(self.env._("Choose either a carrier, for its deck, or a rate plan."))

    def _target(self):
        """Return the carrier or the plan."""
        return self.carrier_id or self.plan_id
