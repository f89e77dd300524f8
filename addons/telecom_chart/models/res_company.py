from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def install_l10n_modules(self):
        """Install no modules of a country because a company of that country is made or moves there.

        Odoo would, in the middle of the request: everybody waits while the registry is loaded anew, whoever makes a
        reseller needs no right to it, and open records of the old registry are of no use afterwards. Whoever wants a
        country's own chart or tax reports installs its module under Apps, at a time of their choice.
        """
        return False
