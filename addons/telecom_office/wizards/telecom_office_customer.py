from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.mail import single_email_re

ROLE = "telecom_base.group_reseller_admin"


class TelecomOfficeCustomer(models.TransientModel):
    """Makes a customer of the reseller: contact, account on one of its plans, and perhaps a log-in."""

    _name = "telecom.office.customer"
    _description = "New Customer"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", default=lambda self: self.env.user.company_id
    )
    name = fields.Char(string="Customer", required=True)
    is_company = fields.Boolean(string="Is a Company")
    country_id = fields.Many2one(
        "res.country", required=True, ondelete="cascade", default=lambda self: self.env.user.company_id.country_id
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.company_id._telecom_tz() or self.env.user.tz or "UTC",
    )
    mode = fields.Selection([("prepaid", "Prepaid"), ("postpaid", "Postpaid")], required=True, default="prepaid")
    credit_limit = fields.Float(digits=(20, 6), min_display_digits=2, help="How far below zero the balance may go.")
    rate_plan_id = fields.Many2one(
        "telecom.rate.plan",
        ondelete="cascade",
        domain="[('company_id', '=', company_id), ('direction', '=', 'outbound')]",
        default=lambda self: self._default_rate_plan_id(),
        help="What the customer pays for its calls. Without a plan it can only make free calls.",
    )
    with_tax = fields.Boolean(
        string="Pays Tax", default=lambda self: bool(self.env.user.company_id.sudo().account_sale_tax_id)
    )
    email = fields.Char(help="Gets the invitation to choose a password. Empty: nobody can log in yet.")

    @api.model
    def _default_rate_plan_id(self):
        domain = [("company_id", "=", self.env.user.company_id.id), ("direction", "=", "outbound")]
        plans = self.env["telecom.rate.plan"].search(domain, limit=2)
        return plans if len(plans) == 1 else plans.browse()

    @api.constrains("email")
    def _check_email(self):
        for wizard in self.filtered("email"):
            if not single_email_re.match(wizard.email):
                raise ValidationError(
                    self.env._("%s is not an e-mail address. Write it as name@example.com.", wizard.email)
                )

    @api.onchange("mode")
    def _onchange_mode(self):
        if self.mode == "prepaid":
            self.credit_limit = 0.0

    def action_create(self):
        """Make the customer and open its account."""
        self.ensure_one()
        account = self._checked_sudo()._make()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_office.action_office_customers")
        form = [view for view in action["views"] if view[1] == "form"]
        return {**action, "views": form, "res_id": account.id, "view_mode": "form", "domain": False}

    def _checked_sudo(self):
        """Return this wizard with raised rights, once it is certain that it stays within the user's own company."""
        user = self.env.user
        if self.env.su or not user.has_group(ROLE) or self.company_id != user.company_id:
            raise AccessError(self.env._("Only an administrator of the reseller adds customers, of its own company."))
        if self.rate_plan_id:
            self.rate_plan_id.check_access("read")
            if self.rate_plan_id.company_id != user.company_id:
                raise UserError(self.env._("Choose one of your own rate plans."))
        if not (self.name or "").strip():
            raise UserError(self.env._("Give the customer a name."))
        if self.email:
            self.env["res.users"]._telecom_free_log_in(self.email, user.company_id)
        keep = {key: value for key, value in self.env.context.items() if key in ("lang", "tz")}
        return self.with_context(keep, allowed_company_ids=user.company_id.ids).sudo()

    def _make(self):
        """Make contact, account and log-in; to be called with raised rights."""
        company = self.company_id
        partner = self.env["res.partner"].create(
            {
                "name": self.name.strip(),
                "is_company": self.is_company,
                "company_id": company.id,
                "country_id": self.country_id.id,
                "tz": self.tz,
                "email": self.email,
            }
        )
        plan = self.rate_plan_id
        account = self.env["telecom.billing.account"].create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "mode": self.mode,
                "credit_limit": self.credit_limit,
                "country_id": self.country_id.id,
                "tz": self.tz,
                "rate_plan_id": plan.id,
                "currency_id": (plan or company).currency_id.id,
                "tax_ids": company.account_sale_tax_id.ids if self.with_tax else [],
            }
        )
        if self.email:
            self._invite(partner)
        return account

    def _invite(self, partner):
        person = self.env["res.partner"].create(
            {"name": partner.name, "email": self.email, "company_id": self.company_id.id, "parent_id": partner.id}
        ) if self.is_company else partner  # fmt: skip
        user = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": self.env["res.users"]._telecom_free_log_in(self.email, self.company_id),
                    "partner_id": person.id,
                    "company_id": self.company_id.id,
                    "company_ids": [(6, 0, self.company_id.ids)],
                    "group_ids": [(6, 0, self.env.ref("telecom_base.group_customer_admin").ids)],
                }
            )
        )
        user._telecom_invite()
