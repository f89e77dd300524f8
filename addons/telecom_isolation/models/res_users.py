from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        for user_sudo in users.sudo():  # whoever makes users need not have rights on contacts
            if not user_sudo.partner_id.company_id:
                user_sudo.partner_id.company_id = user_sudo.company_id
        return users
