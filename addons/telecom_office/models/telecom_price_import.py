from odoo import api, models


class TelecomPriceImport(models.Model):
    """Resellers' price lists: those of their own plans. Carriers' decks stay the owner's."""

    _inherit = "telecom.price.import"

    @api.model
    def _action_of(self, target, **defaults):
        """Return the office's action for who works there."""
        action = super()._action_of(target, **defaults)
        if not self.env.user.share:
            return action
        own = self.env["ir.actions.act_window"]._for_xml_id("telecom_office.action_office_price_lists")
        return {**own, "domain": action["domain"], "context": action["context"]}
