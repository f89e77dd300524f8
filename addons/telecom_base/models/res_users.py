import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request

TICKED_COMPANIES_MAX = 50
"""Companies ticked at log-in: with more, the context of every call would grow and people choose for themselves."""


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._telecom_staff()._telecom_grant_companies()
        return users

    def write(self, vals):
        before = self._telecom_staff() if "group_ids" in vals else self
        done = super().write(vals)
        if "group_ids" in vals:
            (self._telecom_staff() - before)._telecom_grant_companies()
        return done

    def _on_webclient_bootstrap(self):
        """Tick every tenant's company at log-in: lists show ticked companies only, and staff serve all of them.

        A choice that is already in the browser stays; log-out forgets it.
        """
        super()._on_webclient_bootstrap()
        if not request or request.cookies.get("cids") or not self._telecom_staff():
            return
        others = self.company_ids - self.company_id
        if len(others) < TICKED_COMPANIES_MAX:
            ticked = [self.company_id.id, *others.ids]
            request.future_response.set_cookie("cids", "-".join(map(str, ticked)), samesite="Lax")

    @api.model
    def _telecom_free_log_in(self, address, company):
        """Return the log-in for a person of a company with this address: the address, or one made from it.

        Log-ins are of the whole system: where another tenant's person has the address as log-in already, refusing it
        would tell so. Raises UserError when a person of the company itself has it.
        """
        users_sudo = self.sudo().with_context(active_test=False)
        escaped = re.sub(r"([\\%_])", r"\\\1", address)
        taken = users_sudo.search(["|", ("login", "=", address), ("login", "=like", f"{escaped}#%")])
        if taken.filtered(lambda user: user.company_id == company and user.login.partition("#")[0] == address):
            raise UserError(self.env._("%s is the log-in of one of your people already. Choose another one.", address))
        tries = [address, *(f"{address}#{number}" for number in range(2, len(taken) + 3))]
        return next(one for one in tries if one not in set(taken.mapped("login")))

    @api.model
    def _telecom_all_staff(self):
        """Return the people who hold any role of the owner's staff."""
        staff = self.env.ref("telecom_base.group_staff", raise_if_not_found=False)
        return staff.sudo().all_user_ids if staff else self.browse()  # absent while the addon is being installed

    def _telecom_staff(self):
        return self & self._telecom_all_staff().with_env(self.env)

    def _telecom_grant_companies(self):
        """Let these people choose every tenant's company in the company menu; it can be taken from them again."""
        companies = self.env["telecom.tenant"].sudo().search([("company_id", "!=", False)]).company_id
        for user_sudo in self.sudo():  # whoever gives a role need not have rights on companies
            missing = companies - user_sudo.company_ids
            if missing:
                user_sudo.write({"company_ids": [(4, company.id) for company in missing]})
