from odoo import api, fields, models


class TelecomPriceValidityMixin(models.AbstractModel):
    """Prices that hold from `valid_from` until just before `valid_to`, fields of the model; an empty one is open."""

    _name = "telecom.price.validity.mixin"
    _description = "Validity of Prices"

    in_force = fields.Boolean(compute="_compute_in_force", search="_search_in_force", help="Valid at this moment.")

    @api.depends("valid_from", "valid_to")
    def _compute_in_force(self):
        now = fields.Datetime.now()
        for rate in self:
            begun = not rate.valid_from or rate.valid_from <= now
            rate.in_force = begun and (not rate.valid_to or now < rate.valid_to)

    @api.model
    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._domain_in_force(fields.Datetime.now())
        return domain if True in value else ["!", *domain]

    @api.model
    def _domain_in_force(self, at):
        """Return the domain of prices that are valid at an instant (naive UTC)."""
        begun = ["|", ("valid_from", "=", False), ("valid_from", "<=", at)]
        return ["&", *begun, "|", ("valid_to", "=", False), ("valid_to", ">", at)]
