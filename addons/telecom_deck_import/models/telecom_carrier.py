from odoo import fields, models


class TelecomCarrier(models.Model):
    _inherit = "telecom.carrier"

    price_layouts = fields.Json(
        copy=False,
        groups="telecom_base.group_costs",
        help="How the carrier's last price list was read, by direction: meanings by header, zone, dates.",
    )

    def action_open_price_imports(self):
        """Open the price lists of the carrier."""
        self.ensure_one()
        return self.env["telecom.price.import"]._action_of(self, default_carrier_id=self.id)

    def action_export_prices(self):
        """Ask for the form of the file."""
        self.ensure_one()
        return self.env["telecom.price.export"]._action_of(default_carrier_id=self.id)


class TelecomRatePlan(models.Model):
    _inherit = "telecom.rate.plan"

    price_layouts = fields.Json(
        copy=False,
        groups="telecom_base.group_pricing",
        help="How the plan's last price list was read: meanings by header, zone, dates.",
    )

    def action_open_price_imports(self):
        """Open the price lists of the plan."""
        self.ensure_one()
        return self.env["telecom.price.import"]._action_of(self, default_plan_id=self.id)

    def action_export_prices(self):
        """Ask for the form of the file."""
        self.ensure_one()
        return self.env["telecom.price.export"]._action_of(default_plan_id=self.id)
