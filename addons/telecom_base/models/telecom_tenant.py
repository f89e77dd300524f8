from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.optional_integer import OptionalInteger

MAX_LEVELS = 10  # owner and resellers one below the other: every level is reserved and charged for each call


class TelecomTenant(models.Model):
    """A company that sells telephony: the owner of the system, or a reseller below another tenant."""

    _name = "telecom.tenant"
    _description = "Tenant"
    _parent_name = "parent_id"
    _parent_store = True
    _order = "parent_path"

    name = fields.Char(related="company_id.name", string="Company Name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        help="The company with its own customers, prices, ledger and invoices.",
    )
    parent_id = fields.Many2one(
        "telecom.tenant",
        string="Provider",
        index=True,
        ondelete="restrict",
        help="The tenant that this reseller buys from. Empty for the owner of the system only.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("telecom.tenant", "parent_id", string="Resellers")
    account_id = fields.Many2one(
        "telecom.billing.account",
        string="Account at the Provider",
        index=True,
        ondelete="restrict",
        help="The billing account by which the provider charges this reseller for every call of its customers.",
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Customer at the Provider", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    max_calls_outbound = OptionalInteger(related="account_id.max_calls_outbound", readonly=False)
    max_calls_inbound = OptionalInteger(related="account_id.max_calls_inbound", readonly=False)
    max_calls_per_second = OptionalInteger(related="account_id.max_calls_per_second", readonly=False)
    account_count = fields.Integer(compute="_compute_account_count", compute_sudo=True, string="Accounts")

    _company_unique = models.Constraint("UNIQUE (company_id)", "This company is a tenant already.")
    _account_unique = models.Constraint("UNIQUE (account_id)", "This account belongs to another reseller already.")
    _one_owner = models.UniqueIndex(
        "((parent_id IS NULL)) WHERE parent_id IS NULL",
        "There is one owner only. Choose the provider that this reseller buys from.",
    )

    def _compute_account_count(self):
        counts = self.env["telecom.billing.account"]._read_group(
            [("company_id", "in", self.company_id.ids)], ["company_id"], ["__count"]
        )
        by_company = {company.id: count for company, count in counts}
        for tenant in self:
            tenant.account_count = by_company.get(tenant.company_id.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        tenants = super().create(vals_list)
        tenants.company_id._telecom_prepare_tenant()
        self.env["res.users"]._telecom_all_staff()._telecom_grant_companies()
        return tenants

    def write(self, vals):
        for name in ("company_id", "parent_id"):
            if name in vals and any(tenant[name].id != (vals[name] or False) for tenant in self):
                raise UserError(
                    self.env._("The company and the provider of a tenant stay as they are: calls were charged by them.")
                )
        return super().write(vals)

    @api.constrains("parent_id", "account_id")
    def _check_account(self):
        """The owner has no account; a reseller has one with its provider, else its calls would cost it nothing."""
        for tenant in self:
            if not tenant.parent_id and tenant.account_id:
                raise ValidationError(self.env._("The owner of the system buys from nobody: leave the account empty."))
            if tenant.parent_id and not tenant.account_id:
                raise ValidationError(
                    self.env._(
                        "Choose the billing account of %s at its provider; make it first if there is none.", tenant.name
                    )
                )
            if tenant.parent_id and tenant.account_id.company_id != tenant.parent_id.company_id:
                raise ValidationError(
                    self.env._(
                        "Account %(account)s is not an account of %(provider)s. Choose one of the provider's accounts.",
                        account=tenant.account_id.number,
                        provider=tenant.parent_id.name,
                    )
                )

    @api.constrains("parent_id")
    def _check_levels(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A tenant cannot buy from itself or from one of its own resellers."))
        for tenant in self:
            if len(tenant.parent_path.strip("/").split("/")) > MAX_LEVELS:
                raise ValidationError(self.env._("There can be at most %s levels of resellers.", MAX_LEVELS - 1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for tenant in self:
            if not tenant.parent_id:
                raise UserError(self.env._("The owner of the system cannot be deleted."))
            if tenant.account_count:
                raise UserError(
                    self.env._("%s has customer accounts. Suspend its account at the provider instead.", tenant.name)
                )

    def action_open_accounts(self):
        """Open the accounts that this tenant provides, also when its company is not ticked in the company menu."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_base.action_billing_account")
        action["domain"] = [("company_id", "=", self.company_id.id)]
        action["context"] = {"default_company_id": self.company_id.id}
        return {
            "type": "ir.actions.client",
            "tag": "telecom_base.open_in_company",
            "params": {"company_id": self.company_id.id, "action": action},
        }
