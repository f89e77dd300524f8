from odoo import api, models

from ..tools.host_name import asked_host

HOME = "/my"  # what "/" leads to until somebody builds a home page
NEUTRAL = "Telephony"


class Website(models.Model):
    _inherit = "website"

    @api.model
    def _get_current_website_id(self, domain_name, fallback=True):
        """The host's brand picks its website; hosts of nobody get the first one, which tells of nobody."""
        brand = self.env["telecom.brand"]._telecom_of_host(domain_name)
        if brand.website_id:
            return brand.website_id.id
        if asked_host(domain_name) and fallback:
            return self._telecom_neutral().id
        return super()._get_current_website_id(domain_name, fallback=fallback)

    @api.model
    def _telecom_neutral(self):
        return self.search([], order="id", limit=1)

    @api.model
    def _telecom_make(self, brand):
        """Make the website behind a brand's hosts; of Odoo's example pages it keeps none."""
        website = self.create({"name": brand.name, "company_id": brand.company_id.id, "homepage_url": HOME})
        website._telecom_without_examples()
        return website

    @api.model
    def _telecom_make_neutral(self):
        """Let the site of hosts that are nobody's tell of nobody, the owner included."""
        neutral = self._telecom_neutral()
        neutral.write({"name": NEUTRAL, "homepage_url": HOME})
        self.env["website.page"].search([("website_id", "=", False), ("url", "=", "/contactus")]).is_published = False
        self.env["website.menu"].search([("website_id", "=", False), ("url", "=", "/contactus")]).unlink()
        neutral._telecom_without_examples()

    def _telecom_without_examples(self):
        examples = [("website_id", "in", self.ids), ("url", "in", ("/", "/contactus"))]
        self.env["website.menu"].search([*examples, ("parent_id", "!=", False)]).unlink()
