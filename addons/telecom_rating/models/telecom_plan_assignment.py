from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .telecom_billing_account import PLAN_FIELDS

DIRECTIONS = [("outbound", "Outbound Calls"), ("inbound", "Inbound Calls")]


class TelecomPlanAssignment(models.Model):
    """By which plan an account is charged from an instant on, until the next one of its direction begins.

    An account without rows of a direction has the plan in its field since it was opened. What has begun is history
    and stays; what is still to come can be changed or cancelled. The switch asks for the instant at which it lets a
    call start, so that nothing has to happen when a change comes due. The fields of the account follow (a cron).
    """

    _name = "telecom.plan.assignment"
    _description = "Rate Plan of an Account"
    _order = "account_id, direction, valid_from desc nulls last, id desc"

    account_id = fields.Many2one("telecom.billing.account", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    tz = fields.Selection(related="account_id.tz", string="Time Zone")
    direction = fields.Selection(DIRECTIONS, required=True, default="outbound")
    plan_id = fields.Many2one(
        "telecom.rate.plan",
        string="Rate Plan",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: outbound calls that cost something are refused, calls to the account's numbers are free.",
    )
    valid_from = fields.Datetime(string="From", help="First instant of the plan. Empty: since the account was opened.")
    starts = fields.Char(compute="_compute_starts", help="First instant of the plan, in the account's time zone.")
    state = fields.Selection(
        [("past", "Past"), ("current", "In Force"), ("future", "Planned")],
        compute="_compute_state",
        help="At this moment.",
    )

    _start_unique = models.UniqueIndex(
        "(account_id, direction, COALESCE(valid_from, '-infinity'::timestamp))",
        "The plan of this account changes at that moment already. Change or cancel that one.",
    )

    @api.depends("valid_from", "account_id.tz")
    def _compute_starts(self):
        for row in self:
            local = row.valid_from and fields.Datetime.context_timestamp(row.with_context(tz=row.tz), row.valid_from)
            row.starts = f"{local:%Y-%m-%d %H:%M:%S}" if local else self.env._("when it was opened")

    def _compute_state(self):
        now = self._now()
        for row in self:
            if row.valid_from and row.valid_from > now:
                row.state = "future"
            else:
                row.state = "current" if row._in_force(row.account_id, row.direction, now) == row else "past"

    @api.model
    def _now(self):
        """Return the whole second of this transaction: what begins now begins before the call that comes next."""
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _in_force(self, account, direction, at):
        """Return the row of an account that holds at an instant (naive UTC); none when it has no rows."""
        begun = ["|", ("valid_from", "=", False), ("valid_from", "<=", at)]
        return self.search([("account_id", "=", account.id), ("direction", "=", direction), *begun], limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        """Plan changes of plans, from now on or later. The first one keeps what was before."""
        accounts = self.env["telecom.billing.account"].browse({vals.get("account_id") for vals in vals_list} - {None})
        accounts.check_access("write")  # whose calls these plans price
        for vals in vals_list:
            account = accounts.browse(vals.get("account_id"))
            self._keep_first(account, vals.get("direction") or "outbound", account._plan_fields_now())
        rows = super().create(vals_list)
        for row in rows:
            row._refuse_past(row.valid_from)
        rows._come_due()
        return rows

    def write(self, vals):
        if set(vals) - {"plan_id", "valid_from"}:
            raise UserError(self.env._("Cancel this change of plan and make another one."))
        for row in self:
            row._refuse_past(row.valid_from)
        result = super().write(vals)
        for row in self:
            row._refuse_past(row.valid_from)
        self._come_due()
        return result

    def unlink(self):
        now = self._now()
        if any(not row.valid_from or row.valid_from <= now for row in self):
            raise UserError(
                self.env._("Only changes that are still to come can be cancelled; what has begun is history.")
            )
        return super().unlink()

    def action_cancel(self):
        """Cancel changes that are still to come."""
        self.unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _refuse_past(self, valid_from):
        """Raise UserError for a start that lies behind us: calls have been charged by the plan before."""
        if not valid_from or valid_from < self._now():
            raise UserError(
                self.env._(
                    "A plan cannot begin in the past: calls were charged by the one before. Choose now or a later time."
                )
            )

    @api.constrains("account_id", "direction", "plan_id")
    def _check_plan(self):
        for row in self.filtered("plan_id"):
            row.account_id._check_plan(row.plan_id.sudo(), row.direction)  # one that may not be read is refused below
            if not row.plan_id.sudo().active:
                raise ValidationError(self.env._("%s is archived. Choose another plan.", row.plan_id.sudo().name))

    @api.model
    def _keep_first(self, account, direction, plans):
        """Make the row of what held so far, when an account gets its first change. `plans`: direction -> plan."""
        domain = [("account_id", "=", account.id), ("direction", "=", direction)]
        if account and direction in PLAN_FIELDS and not self.sudo().search_count(domain, limit=1):
            super().create([{"account_id": account.id, "direction": direction, "plan_id": plans[direction].id}])

    @api.model
    def _begin_now(self, account, direction, plan):
        """Let a plan hold from this second on."""
        now = self._now()
        same = self.search([("account_id", "=", account.id), ("direction", "=", direction), ("valid_from", "=", now)])
        if same:
            same.plan_id = plan
        else:
            self.create({"account_id": account.id, "direction": direction, "plan_id": plan.id, "valid_from": now})

    def _come_due(self):
        """Have the fields of the accounts follow: at once what holds already, the rest by the cron at its time."""
        cron_sudo = self.env.ref("telecom_rating.ir_cron_plans_due").sudo()  # anybody's change may wake it
        cron_sudo._trigger(at=[row.valid_from for row in self if row.valid_from > self._now()])
        self.account_id._follow_plans()

    @api.model
    def _cron_come_due(self):
        """Have the fields of all accounts follow whose plan has changed since."""
        self.env["telecom.billing.account"]._with_plans_behind()._follow_plans()
