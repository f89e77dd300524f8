from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS
from odoo.exceptions import ValidationError
from odoo.modules import module
from odoo.tools import SQL

KINDS = [("plan", "Every Month, by a Rate Plan"), ("block", "Block, Once")]
MOST_MINUTES = 1_000_000


class TelecomAllowance(models.Model):
    """Included minutes: what accounts of a plan have every month, or what an account is given as a block.

    What calls use is kept by account in buckets, by SQL (sql/): a month that has begun keeps the minutes it was given.
    """

    _name = "telecom.allowance"
    _description = "Included Minutes"
    _order = "company_id, kind, name"

    name = fields.Char(required=True, help="As customers see it, for example: 300 minutes to fixed lines.")
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="plan",
        help="By a rate plan: its accounts have them anew every month. Block: an account is given them once.",
    )
    plan_id = fields.Many2one(
        "telecom.rate.plan",
        string="Rate Plan",
        ondelete="cascade",
        index="btree_not_null",
        help="Accounts have these minutes while this is their plan.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Of a block's price. Accounts of other currencies have a price when they are given the block.",
    )
    minutes = fields.Integer(
        required=True,
        default=100,
        help="Minutes a month, or of the block. Calls use them by the second. A month that has begun keeps its own.",
    )
    rolls_over = fields.Boolean(
        string="Roll over",
        help="What is left of a month can be used for one month more, before that month's own minutes.",
    )
    valid_days = fields.Integer(string="Days", default=30, help="How long a block is good, in days. 0: for ever.")
    price = fields.Float(
        digits=DIGITS,
        min_display_digits=2,
        help="What an account pays for the block, tax included, when it is given one.",
    )
    group_ids = fields.Many2many(
        "telecom.destination.group",
        "telecom_allowance_group_rel",
        "allowance_id",
        "group_id",
        string="Destination Groups",
        default=lambda self: self.env["telecom.destination.group"].search([("in_allowances", "=", True)]),
        help="Calls to all destinations of these groups count.",
    )
    destination_ids = fields.Many2many(
        "telecom.destination",
        "telecom_allowance_destination_rel",
        "allowance_id",
        "destination_id",
        string="Destinations",
        help="Calls to these count besides.",
    )

    _minutes_bounds = models.Constraint(
        f"CHECK (minutes BETWEEN 1 AND {MOST_MINUTES})", "Included minutes are 1 to 1,000,000."
    )
    _kind_complete = models.Constraint(
        "CHECK ((kind = 'plan') = (plan_id IS NOT NULL))",
        "Minutes of every month need their rate plan; a block has none.",
    )
    _block_bounds = models.Constraint(
        "CHECK (price >= 0 AND price <= 1000000 AND valid_days BETWEEN 0 AND 3660)",
        "A block costs zero or more, at most 1,000,000, and is good for 0 (for ever) to 3,660 days.",
    )
    _name_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (company_id, plan_id, name)", "There are included minutes of this name already."
    )

    @api.depends("plan_id")
    def _compute_company_id(self):
        for allowance in self:
            allowance.company_id = allowance.plan_id.company_id or allowance.company_id or self.env.company

    @api.depends("company_id", "plan_id")
    def _compute_currency_id(self):
        for allowance in self:
            allowance.currency_id = allowance.plan_id.currency_id or allowance.company_id.currency_id

    @api.constrains("plan_id", "company_id")
    def _check_company(self):
        for allowance in self:
            if allowance.plan_id and allowance.plan_id.company_id != allowance.company_id:
                raise ValidationError(self.env._("%s belongs to another provider than its rate plan.", allowance.name))

    @api.constrains("group_ids", "destination_ids")
    def _check_destinations(self):
        for allowance in self:
            if not allowance.group_ids and not allowance.destination_ids:
                raise ValidationError(
                    self.env._(
                        "Say for %s which destinations count: at least one group or destination.", allowance.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Give the accounts of a plan their first month at once, so that it is shown before the first call."""
        allowances = super().create(vals_list)
        allowances._check_destinations()  # also when neither field was given
        self._open_months()
        return allowances

    @api.model
    def _open_months(self):
        """Give every account the current month of its plan's minutes; those that have it keep it.

        After the commit and in a short transaction of its own: a call that begins the same month would wait for a page.
        """
        wallets, buckets = self.env["telecom.wallet"], self.env["telecom.allowance.bucket"]

        def open_months():
            wallets._call_function("telecom_allowance_open_all", self.env.cr.now().replace(tzinfo=UTC))
            buckets._forget()

        if module.current_test:
            open_months()
        else:
            self.env.cr.postcommit.add(open_months)

    @api.model
    def _cron_months(self):
        """Begin months, and take out what is over."""
        now = self.env.cr.now().replace(tzinfo=UTC)
        for function in ("telecom_allowance_open_all", "telecom_allowance_expire"):
            self.env["telecom.wallet"]._call_function(function, now)
        self.env["telecom.allowance.bucket"]._forget()

    def unlink(self):
        """Archive what accounts have had; only what was never given goes."""
        self.env.flush_all()
        query = SQL("SELECT DISTINCT allowance_id FROM telecom_allowance_bucket WHERE allowance_id = ANY(%s)", self.ids)
        given = self.browse(row[0] for row in self.env.execute_query(query))
        given.active = False
        return super(TelecomAllowance, self - given).unlink()
