from odoo import api, models
from odoo.http import request


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _eval_context(self):
        """Let record rules name the website that is being visited: `visited_website_id`."""
        return {**super()._eval_context(), "visited_website_id": self._telecom_visited_website_id()}

    def _compute_domain_context_values(self):
        """Domains are remembered for each website visited."""
        yield from super()._compute_domain_context_values()
        yield self._telecom_visited_website_id()

    def _telecom_visited_website_id(self):
        """Return the id of the website of the host that was asked for; 0 outside of a request.

        Not of the website in the context: a client could put any into it.
        """
        if not request:
            return 0
        return self.env["website"].sudo().with_context(website_id=False).get_current_website().id
