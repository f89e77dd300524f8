import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

DIGITS_RULES = {
    # E.164 country codes have 1 to 3 digits and do not start with 0; prefixes are short and may be absent
    "country_code": re.compile(r"[1-9][0-9]{0,2}"),
    "national_prefix": re.compile(r"[0-9]{0,4}"),
    "international_prefix": re.compile(r"[0-9]{1,5}"),
}
EMERGENCY_NUMBER = re.compile(r"[0-9]{2,6}")
MAX_EMERGENCY_NUMBERS = 20


class TelecomNumberingPlan(models.Model):
    """How people of a country dial: what they type before national and international numbers, and for help."""

    _name = "telecom.numbering.plan"
    _description = "Numbering Plan"
    _order = "country_id"
    _rec_name = "country_id"

    country_id = fields.Many2one("res.country", required=True, ondelete="restrict")
    country_code = fields.Char(required=True, help="Country calling code without + or 00, for example 44.")
    national_prefix = fields.Char(help="Typed before a national number, for example 0. Empty where there is none.")
    international_prefix = fields.Char(required=True, help="Typed before a foreign number, for example 00.")
    emergency_numbers = fields.Char(
        required=True, help="Numbers that are always free and never blocked, separated by commas: 112,999."
    )

    _country_unique = models.Constraint("UNIQUE (country_id)", "This country has a numbering plan already.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    def _tidy(self, vals):
        """Return `vals` with emergency numbers separated by single commas, as the bridge reads them."""
        if vals.get("emergency_numbers"):
            numbers = [number for number in re.split(r"[,;\s]+", vals["emergency_numbers"]) if number]
            vals = {**vals, "emergency_numbers": ",".join(dict.fromkeys(numbers))}
        return vals

    @api.constrains("country_code", "national_prefix", "international_prefix")
    def _check_digits(self):
        for plan in self:
            for name, pattern in DIGITS_RULES.items():
                if not pattern.fullmatch(plan[name] or ""):
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._("%(field)s: %(value)s is not right. Use digits only.", field=label, value=plan[name])
                    )

    @api.constrains("emergency_numbers")
    def _check_emergency_numbers(self):
        for plan in self:
            numbers = (plan.emergency_numbers or "").split(",")
            if len(numbers) > MAX_EMERGENCY_NUMBERS or not all(map(EMERGENCY_NUMBER.fullmatch, numbers)):
                raise ValidationError(
                    self.env._(
                        "Emergency numbers: give 1 to %s numbers of 2 to 6 digits, separated by commas.",
                        MAX_EMERGENCY_NUMBERS,
                    )
                )
