from odoo import api, models



class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._telecom_grant_companies()
        return users

    def write(self, vals):
        done = super().write(vals)
        if "group_ids" in vals:
            self._telecom_grant_companies()
        return done

    def _telecom_grant_companies(self):
        """Let the owner's staff choose every tenant's company in the company menu (all staff when `self` is empty)."""
        staff = self.env.ref("telecom_base.group_staff", raise_if_not_found=False)
        if not staff:
            return
        users_sudo = (self or staff.sudo().all_user_ids).sudo()  # group members give companies, whoever adds them
        companies = self.env["telecom.tenant"].sudo().search([]).company_id
        for user in users_sudo:
            missing = companies - user.company_ids
            if missing and staff in user.all_group_ids:
                user.write({"company_ids": [(4, company.id) for company in missing]})
