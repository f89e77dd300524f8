from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.optional_integer import OptionalInteger, is_missing

MAX_LIMIT = 100_000  # more than one installation carries at once; a larger number is a slip of the hand


class TelecomLimitMixin(models.AbstractModel):
    """Refuses limits that allow nothing: every `OptionalInteger` of the model is empty (no limit) or 1 and more."""

    _name = "telecom.limit.mixin"
    _description = "Limits of Calls"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_limits(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_limits(vals)
        return super().write(vals)

    def _refuse_limits(self, vals):
        """Raise ValidationError naming the field of `vals` whose limit is no number from 1 on."""
        for name, value in vals.items():
            field = self._fields.get(name)
            if not isinstance(field, OptionalInteger) or is_missing(value) or is_limit(value):
                continue
            raise ValidationError(
                self.env._(
                    "%(field)s: %(value)s is no limit. Give a whole number from 1 to %(most)s, or leave it empty for"
                    " no limit.",
                    field=field._description_string(self.env),
                    value=value,
                    most=MAX_LIMIT,
                )
            )


def is_limit(value):
    """True for a whole number that a limit may be, as a number or as the text that an import gives."""
    try:
        return int(value) == float(value) and 1 <= int(value) <= MAX_LIMIT
    except (TypeError, ValueError, OverflowError):
        return False
