from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

PLAN_FIELDS = {"outbound": "rate_plan_id", "inbound": "inbound_rate_plan_id"}
FOLLOWING = "telecom_plan_follows"  # in the context: a field is only brought up to date, nothing begins


class TelecomBillingAccount(models.Model):
    """The plan fields are what holds now; which plan holds when is telecom.plan.assignment, where it differs."""

    _inherit = "telecom.billing.account"

    rate_plan_id = fields.Many2one(
        "telecom.rate.plan",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id), ('direction', '=', 'outbound')]",
        help="Prices of this account's outbound calls. Without a plan, calls that cost something are refused.",
    )
    inbound_rate_plan_id = fields.Many2one(
        "telecom.rate.plan",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id), ('direction', '=', 'inbound')]",
        help="Prices that this account pays for calls to its own numbers, by the number called. Without a plan, or"
        " without a price in it, such calls are free.",
    )
    plan_assignment_ids = fields.One2many("telecom.plan.assignment", "account_id", string="Plans by Date")

    def write(self, vals):
        """A plan that is written into a field begins now; an account's first outbound plan holds since ever.

        (Before it, calls that cost something were refused, so that it reprices nothing.)
        """
        changing = []
        if not self.env.context.get(FOLLOWING):
            changing = [
                (account, direction, account._plan_fields_now())
                for account in self
                for direction, name in PLAN_FIELDS.items()
                if name in vals and (vals[name] or False) != account[name].id
            ]
        result = super().write(vals)
        assignments = self.env["telecom.plan.assignment"].sudo()  # who may write the account may change its plan
        for account, direction, before in changing:
            is_first = direction == "outbound" and not before[direction]
            if is_first and not assignments.search_count(
                [("account_id", "=", account.id), ("direction", "=", direction)]
            ):
                continue
            assignments._keep_first(account, direction, before)
            assignments._begin_now(account, direction, account[PLAN_FIELDS[direction]])
        return result

    def action_change_plan(self):
        """Ask for another plan and from when on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_plan_change")
        return {**action, "context": {"default_account_id": self.id}}

    def _plan_fields_now(self):
        """Return the plans in the fields by direction."""
        return {direction: self[name] for direction, name in PLAN_FIELDS.items()}

    def _plan_at(self, direction, at):
        """Return the plan by which this account is charged at an instant (naive UTC); empty when it has none."""
        if not self:
            return self.env["telecom.rate.plan"]
        assignments = self.env["telecom.plan.assignment"]
        row = assignments._in_force(self, direction, at)
        return row.plan_id if row else self[PLAN_FIELDS[direction]]

    def _follow_plans(self):
        """Bring the plan fields up to date."""
        now = self.env["telecom.plan.assignment"]._now()
        for account in self.sudo():  # no rights beyond those that made the change
            plans = {name: account._plan_at(direction, now) for direction, name in PLAN_FIELDS.items()}
            behind = {name: plan.id for name, plan in plans.items() if account[name] != plan}
            if behind:
                account.with_context(**{FOLLOWING: True}).write(behind)

    @api.model
    def _with_plans_behind(self):
        """Return accounts whose fields say something else than the plans that are in force."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                select account.id from telecom_billing_account account
                  join (select distinct on (account_id, direction) account_id, direction, plan_id
                          from telecom_plan_assignment
                         where valid_from is null or valid_from <= now() at time zone 'UTC'
                         order by account_id, direction, valid_from desc nulls last) due on due.account_id = account.id
                 where due.plan_id is distinct from
                       case due.direction when 'inbound' then account.inbound_rate_plan_id else account.rate_plan_id end
                """
            )
        )
        return self.browse({account_id for (account_id,) in self.env.cr.fetchall()})

    @api.constrains("rate_plan_id", "inbound_rate_plan_id", "company_id", "currency_id")
    def _check_rate_plan(self):
        """Refuse a plan of another tenant or of the other direction."""
        for account in self:
            for direction, name in PLAN_FIELDS.items():
                if account[name]:
                    account._check_plan(account[name].sudo(), direction)  # one that may not be read is refused below

    def _check_plan(self, plan_sudo, direction):
        """Raise ValidationError when a plan cannot be this account's for a direction."""
        self.ensure_one()
        if plan_sudo.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "The rate plan of account %s must be one of its provider's. Choose another plan.", self.number
                )
            )
        if plan_sudo.direction != direction:
            raise ValidationError(
                self.env._("%s prices outbound calls. Choose a plan for inbound calls.", plan_sudo.name)
                if direction == "inbound"
                else self.env._("%s prices inbound calls. Choose a plan for outbound calls.", plan_sudo.name)
            )
        now = fields.Datetime.now().replace(tzinfo=UTC)
        if not plan_sudo.currency_id._telecom_factor_e8(self.currency_id, now):
            raise ValidationError(
                self.env._(
                    "Plan %(plan)s is in %(plan_currency)s, account %(account)s in %(account_currency)s, and the owner"
                    " has no rate of exchange of today between them. Enter it under Invoicing > Configuration >"
                    " Currencies, or choose a plan in the account's currency.",
                    plan=plan_sudo.name,
                    plan_currency=plan_sudo.currency_id.name,
                    account=self.number,
                    account_currency=self.currency_id.name,
                )
            )
