from odoo import models


class TelecomRatePlan(models.Model):
    _inherit = "telecom.rate.plan"

    def action_margin(self):
        """Show what the plan earns per destination, at the prices and costs of this moment."""
        return self.env["telecom.margin.line"]._open(self)
