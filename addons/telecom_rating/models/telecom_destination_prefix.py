from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.digits import PREFIX, bare_digits


class TelecomDestinationPrefix(models.Model):
    """First digits of the numbers of one destination; the longest prefix of a number decides where it goes."""

    _name = "telecom.destination.prefix"
    _description = "Destination Prefix"
    _order = "prefix"
    _rec_name = "prefix"

    prefix = fields.Char(required=True, help="1 to 15 digits with the country code, without + or 00.")
    destination_id = fields.Many2one("telecom.destination", required=True, ondelete="cascade", index=True)

    _prefix_unique = models.Constraint(
        "UNIQUE (prefix)", "This prefix belongs to a destination already. A prefix leads to one destination only."
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._bare(vals) for vals in vals_list]
        self._refuse_taken([vals.get("prefix") for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        return super().write(self._bare(vals))

    def _bare(self, vals):
        """Return `vals` with the prefix as bare digits."""
        return {**vals, "prefix": bare_digits(vals["prefix"])} if vals.get("prefix") else vals

    def _refuse_taken(self, prefixes):
        """Raise ValidationError naming the destination that has one of these new prefixes already."""
        if taken := self.search([("prefix", "in", prefixes)], limit=1):
            raise ValidationError(
                self.env._(
                    "Prefix %(prefix)s belongs to %(destination)s already. A prefix leads to one destination only.",
                    prefix=taken.prefix,
                    destination=taken.destination_id.name,
                )
            )

    @api.constrains("prefix")
    def _check_prefix(self):
        """Refuse what no number can begin with."""
        for record in self:
            if not PREFIX.fullmatch(record.prefix):
                raise ValidationError(
                    self.env._(
                        "%s cannot be a prefix: give 1 to 15 digits that begin with the country code, without + or 00.",
                        record.prefix,
                    )
                )
