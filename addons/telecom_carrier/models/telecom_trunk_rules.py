import re

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.optional_integer import OptionalInteger
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.trunk_numbers import Habits, NumberRules

LOGIN = {"username", "password"}
PREFIX = re.compile(r"[0-9]{0,15}")
NUMBER = re.compile(r"[0-9]{1,32}")
SPACES = re.compile(r"[\s().-]+")
TRIED = "442079460000"  # of the range that Ofcom keeps free for examples
STYLES = [
    ("international", "442079460000"),
    ("plus", "+442079460000"),
    ("zeros", "00442079460000"),
    ("national", "020... at home, 00... abroad"),
]


class TelecomTrunk(models.Model):
    """How a trunk keeps its connection, whom it names as the caller, and how its carrier writes numbers.

    The switch writes and reads numbers by the same code as the test boxes here.
    """

    _inherit = "telecom.trunk"

    registers = fields.Boolean(
        string="Register",
        tracking=True,
        help="We log in at the carrier with user name and password, again and again, and it sends calls to wherever"
        " we logged in from.",
    )
    check_s = OptionalInteger(
        string="Check Every (s)",
        default=30,
        tracking=True,
        help="So often the carrier is asked whether it is there (OPTIONS). While it is not, its trunk is tried last."
        " Empty: for a carrier that answers no OPTIONS; it counts as there.",
    )
    identity = fields.Selection(
        [("number", "The Caller's Number"), ("login", "Our User Name, the Caller's Number Beside It")],
        string="Sender of Our Calls",
        default="number",
        required=True,
        tracking=True,
        help="What the carrier wants in From. With our user name there, the caller's number goes into"
        " P-Asserted-Identity (RFC 3325).",
    )
    login_version = fields.Integer(
        default=0, copy=False, groups=".", help="Counts changes of the log-in: the switch then registers anew."
    )
    number_style = fields.Selection(
        STYLES,
        string="Called Numbers",
        default="international",
        required=True,
        tracking=True,
        help="How the carrier wants the number that is called. After that, leading digits are left out, and others are"
        " put in front.",
    )
    cli_style = fields.Selection(
        STYLES,
        string="Callers' Numbers",
        default="international",
        required=True,
        tracking=True,
        help="How the carrier wants the caller's number.",
    )
    numbering_plan_id = fields.Many2one(
        "telecom.numbering.plan",
        string="Home Country",
        ondelete="restrict",
        tracking=True,
        help="In whose habits national numbers are written, both those that we send and those that come in.",
    )
    in_strip_digits = fields.Integer(
        string="Leave Out Digits",
        default=0,
        tracking=True,
        help="How many leading digits of a called number that comes in are left out, for example a technical prefix.",
    )
    in_add_prefix = fields.Char(
        string="Put in Front of Them", tracking=True, help="Digits put before the rest, for example an area code."
    )
    try_number = fields.Char(
        string="Try a Number", store=False, help="With country code, such as +44 20 7946 0000. It is not kept."
    )
    example = fields.Char(compute="_compute_example", string="Is Sent As")
    cli_example = fields.Char(compute="_compute_example", string="Caller Is Shown As")
    try_called = fields.Char(
        string="Try What They Call", store=False, help="A called number as the carrier sends it. It is not kept."
    )
    called_example = fields.Char(compute="_compute_called_example", string="Is Read As")

    _check_bounds = models.Constraint(
        "CHECK (check_s BETWEEN 2 AND 3600)", "A carrier is checked every 2 to 3600 seconds, or not at all."
    )
    _in_strip_bounds = models.Constraint(
        "CHECK (in_strip_digits BETWEEN 0 AND 15)", "At most 15 digits of an incoming number can be left out."
    )

    def write(self, vals):
        done = super().write(vals)
        if LOGIN & vals.keys():
            for trunk in self.sudo():  # nobody may write the counter itself
                super(TelecomTrunk, trunk).write({"login_version": trunk.login_version + 1})
        return done

    @api.constrains("registers", "identity", "username")
    def _check_needs_login(self):
        for trunk in self:
            if trunk.registers and not trunk.username:
                raise ValidationError(self.env._("To register, a trunk needs the user name that the carrier gave."))
            if trunk.identity == "login" and not trunk.username:
                raise ValidationError(self.env._("Without a user name, calls can only come from the caller's number."))

    def _matches(self):
        """Calls over a trunk that registers are known by the registration, unless addresses are given as well."""
        return super()._matches() if self.match_ips or not self.registers else set()

    @api.constrains("in_add_prefix")
    def _check_in_add_prefix(self):
        for trunk in self:
            if not PREFIX.fullmatch(trunk.in_add_prefix or ""):
                raise ValidationError(
                    self.env._("%s cannot be put in front of what comes in: use up to 15 digits.", trunk.in_add_prefix)
                )

    @api.constrains("number_style", "cli_style", "numbering_plan_id")
    def _check_home_country(self):
        for trunk in self:
            if "national" in (trunk.number_style, trunk.cli_style) and not trunk.numbering_plan_id:
                raise ValidationError(self.env._("For national numbers, say which country is the home country."))

    @api.depends(
        *("number_style", "cli_style", "numbering_plan_id", "strip_digits", "add_prefix", "plus_sign", "try_number")
    )
    def _compute_example(self):
        for trunk in self:
            number = SPACES.sub("", trunk.try_number or TRIED).removeprefix("+")
            known = bool(NUMBER.fullmatch(number))
            trunk.example = trunk._rules().sends(number) if known else self.env._("not a number")
            trunk.cli_example = trunk._rules().shows(number) if known else self.env._("not a number")

    @api.depends("numbering_plan_id", "in_strip_digits", "in_add_prefix", "try_called")
    def _compute_called_example(self):
        for trunk in self:
            called = SPACES.sub("", trunk.try_called or f"+{TRIED}")
            known = bool(NUMBER.fullmatch(called.removeprefix("+")))
            trunk.called_example = trunk._rules().reads(called) if known else self.env._("not a number")

    def _rules(self):
        """Return the rules as the switch applies them."""
        plan = self.numbering_plan_id
        habits = Habits(plan.country_code or "", plan.national_prefix or "", plan.international_prefix or "00")
        return NumberRules(
            self.number_style or "international",
            self.cli_style or "international",
            habits,
            max(self.strip_digits, 0),
            self.add_prefix or "",
            self.plus_sign,
            max(self.in_strip_digits, 0),
            self.in_add_prefix or "",
        )
