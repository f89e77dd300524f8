from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

OWNING = ("many2one", "many2many", "reference", "many2one_reference")
"""Fields by which a rule may tell whose a row is."""
MAKERS = ("create_uid", "write_uid")


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        if self._telecom_fenced():
            defaults = self._telecom_defaults()
            self._telecom_check_targets([{**defaults, **vals} for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        if not self._telecom_fenced():
            return super().write(vals)
        self._telecom_check_targets([vals])
        done = super().write(vals)
        if any(self._fields[name].type in OWNING for name in vals if name in self._fields):
            self.check_access("write")  # Odoo looks before only: a row could be given away
        return done

    def onchange(self, values, field_names, fields_spec):
        """A form asks what its values would make of a row: the answer names what they point at, and what is behind."""
        if self._telecom_fenced():
            defaults = {} if field_names else self._telecom_defaults()
            self._telecom_check_targets([{**defaults, **values}], held=self)
        return super().onchange(values, field_names, fields_spec)

    def _has_field_access(self, field, operation):
        """Keep from outsiders who made and changed a row: it may have been somebody of another tenant."""
        if field.name in MAKERS and self._name.startswith("telecom.") and self.env.user.share and not self.env.su:
            return bool(self) and not self._origin  # Odoo itself looks into a row that is being made
        return super()._has_field_access(field, operation)

    def _telecom_company(self):
        """Return the company whose row it is; none when it is everybody's."""
        return self.sudo().company_id if "company_id" in self._fields else self.env["res.company"]

    def _telecom_is_of(self, companies):
        """Return whether people of these companies may meet a row that is shown to everybody: its picture."""
        company_sudo = self._telecom_company()
        return not company_sudo or company_sudo <= companies

    def _telecom_fenced(self):
        """Whether what this user writes is checked for records of strangers."""
        return not (self.env.su or self.env.is_system())

    def _telecom_defaults(self):
        """Return the values that a client gives by its context."""
        context = self.env.context
        return {name: context[f"default_{name}"] for name in self._fields if f"default_{name}" in context}

    def _telecom_check_targets(self, vals_list, held=None):
        """Raise AccessError when values point at a record that the user cannot see, unless `held` does already.

        Record rules protect the row that is written, not those that it points at, whose names come back with it.
        """
        targets = defaultdict(set)
        for model, record_id in self._telecom_targets(vals_list):
            targets[model].add(record_id)
        for model, record_id in held.sudo()._telecom_held(vals_list) if held else ():
            targets[model].discard(record_id)
        for model, ids in targets.items():
            others = self.env[model].browse(ids).exists()
            if self.env.user.share or self.env[model].has_access("read"):
                others.check_access("read")
            else:
                self._telecom_check_unreadable(others)

    def _telecom_held(self, vals_list):
        """Yield (model, id) of the records at which the fields that values name point already."""
        for name in {name for vals in vals_list for name in vals}:
            field = self._fields.get(name)
            if field and field.type in ("many2one", "many2many", "one2many"):
                yield from ((field.comodel_name, one) for one in self[name].ids)

    def _telecom_targets(self, vals_list):
        """Yield (model, id) of every record that values name, also in rows to be made with them (maybe as su)."""
        for vals in vals_list:
            for name, value in vals.items():
                if value and (field := self._fields.get(name)):
                    yield from _targets(field, value, vals)
                    if field.type in ("many2one", "one2many", "many2many"):
                        yield from self.env[field.comodel_name]._telecom_targets(_nested(value))

    def _telecom_check_unreadable(self, others):
        """Refuse other companies' rows of a model that internal users cannot read: forms fill in its own company's."""
        if "company_id" in others._fields and others.sudo().company_id - self.env.companies:
            raise AccessError(self.env._("You cannot use what belongs to another company."))


def _targets(field, value, vals):
    """Yield (model, id) of every record that a value of a field names."""
    if field.type in ("many2one", "one2many", "many2many"):
        yield from ((field.comodel_name, one) for one in _commanded(value))
    elif field.type == "reference" and isinstance(value, str) and value.partition(",")[2].isdigit():
        model, _comma, record_id = value.partition(",")
        yield model, int(record_id)
    elif field.type == "many2one_reference" and vals.get(field.model_field) and isinstance(value, int):
        yield vals[field.model_field], value


def _commanded(value):
    """Yield the ids that the value of a relation names; those to remove are not pointed at.

    A value is an id, a row (a dict, in forms) or a list of ids, rows and commands.
    """
    for one in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(one, int):
            yield one
        elif isinstance(one, dict):
            yield from _commanded([one.get("id")])
        elif not (one and isinstance(one, (list, tuple))):
            continue
        elif one[0] in (Command.UPDATE, Command.LINK):
            yield one[1]
        elif one[0] == Command.SET:
            yield from one[2]


def _nested(value):
    """Return the values of rows that the value of a relation makes or changes."""
    rows = value if isinstance(value, (list, tuple)) else [value]
    made = [one for one in rows if isinstance(one, dict)]
    commands = [one for one in rows if one and isinstance(one, (list, tuple))]
    return made + [one[2] for one in commands if one[0] in (Command.CREATE, Command.UPDATE)]
