from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

OWNING = ("many2one", "many2many", "reference", "many2one_reference")
"""Fields by which a rule may tell whose a row is."""


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        if self._telecom_fenced():
            self._telecom_check_targets(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self._telecom_fenced():
            return super().write(vals)
        self._telecom_check_targets([vals])
        done = super().write(vals)
        if any(self._fields[name].type in OWNING for name in vals if name in self._fields):
            self.check_access("write")  # Odoo looks before only: a row could be given away
        return done

    def _telecom_fenced(self):
        """Whether what this user writes is checked for records of strangers."""
        return not (self.env.su or self.env.is_system())

    def _telecom_check_targets(self, vals_list):
        """Raise AccessError when values point at a record that the user cannot see.

        Record rules protect the row that is written, not those that it points at, whose names come back with it.
        """
        targets = defaultdict(set)
        for model, record_id in self._telecom_targets(vals_list):
            targets[model].add(record_id)
        for model, ids in targets.items():
            others = self.env[model].browse(ids).exists()
            if self.env.user.share or self.env[model].has_access("read"):
                others.check_access("read")
            else:
                self._telecom_check_unreadable(others)

    def _telecom_targets(self, vals_list):
        """Yield (model, id) of every record that values name, also in rows to be made with them (maybe as su)."""
        for vals in vals_list:
            for name, value in vals.items():
                if value and (field := self._fields.get(name)):
                    yield from _targets(field, value, vals)
                    if field.type in ("one2many", "many2many"):
                        yield from self.env[field.comodel_name]._telecom_targets(_nested(value))

    def _telecom_check_unreadable(self, others):
        """Refuse other companies' rows of a model that internal users cannot read: forms fill in its own company's."""
        if "company_id" in others._fields and others.sudo().company_id - self.env.companies:
            raise AccessError(self.env._("You cannot use what belongs to another company."))


def _targets(field, value, vals):
    """Yield (model, id) of every record that a value of a field names."""
    if field.type == "many2one":
        yield from ((field.comodel_name, one) for one in [value] if isinstance(one, int))
    elif field.type in ("one2many", "many2many"):
        yield from ((field.comodel_name, one) for one in _commanded(value))
    elif field.type == "reference" and isinstance(value, str) and value.partition(",")[2].isdigit():
        model, _comma, record_id = value.partition(",")
        yield model, int(record_id)
    elif field.type == "many2one_reference" and vals.get(field.model_field) and isinstance(value, int):
        yield vals[field.model_field], value


def _commanded(commands):
    """Yield the ids that commands of a one2many or many2many name; those to remove are not pointed at."""
    for command in commands:
        if isinstance(command, int):
            yield command
        elif command[0] in (Command.UPDATE, Command.LINK):
            yield command[1]
        elif command[0] == Command.SET:
            yield from command[2]


def _nested(commands):
    """Return the values of rows that commands of a one2many or many2many make or change."""
    return [one[2] for one in commands if not isinstance(one, int) and one[0] in (Command.CREATE, Command.UPDATE)]
