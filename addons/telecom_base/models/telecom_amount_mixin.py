from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.amounts import DIGITS, InexactAmountError, as_typed, to_micro


class TelecomAmountMixin(models.AbstractModel):
    """Refuses amounts finer than 1/1,000,000 unit instead of rounding them silently.

    Covers every Float field declared with `digits=(20, 6)` of the model that inherits it, before the field rounds.
    """

    _name = "telecom.amount.mixin"
    _description = "Exact Amounts"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_inexact_amounts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_inexact_amounts(vals)
        return super().write(vals)

    def _refuse_inexact_amounts(self, vals):
        """Raise ValidationError naming the field of `vals` that has no exact amount."""
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None or field.type != "float" or field.get_digits(self.env) != DIGITS:
                continue
            try:
                to_micro(value)
            except InexactAmountError as error:
                label = field._description_string(self.env)
                raise ValidationError(
                    self.env._(
                        "%(field)s: %(value)s cannot be kept exactly. Give a number with at most 6 decimals"
                        " and 15 digits.",
                        field=label,
                        value=as_typed(value),
                    )
                ) from error
