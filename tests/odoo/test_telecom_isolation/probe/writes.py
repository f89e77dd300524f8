"""The ways by which a client changes something: strangers' rows, rows that point at strangers, rows given away."""

from functools import partial
from itertools import product

from odoo.fields import Command

from .attempt import REFUSED, strangers_in, try_it

ROWS_TRIED = 2  # strangers' rows of a model that are changed and deleted
VALUES = {"char": "Probe", "text": "Probe", "html": "Probe", "integer": 7, "float": 7.0, "boolean": True}
OWNERSHIP = ("company_id", "company_ids", "account_id", "partner_id", "parent_id", "website_id", "user_id", "user_ids")
RELATIONAL = ("many2one", "one2many", "many2many", "reference")


def probe_writes(env, role, rows, table, only=None, samples=None):
    """Try to change strangers' rows and to let own rows point at strangers, in every model (or those named).

    `samples`: values by model with which this person can make a row; without them they are looked for.
    """
    for name in sorted(only or env.registry.models):
        model = env[name].with_context(active_test=False)
        if model._abstract or not (model.has_access("write") or model.has_access("create")):
            continue
        ways = Writes(model, role, rows, table, (samples or {}).get(name))
        if not model._transient:
            ways.strangers_rows()
            ways.shared_rows()
            ways.point_at()
            ways.call_strangers()
        ways.create_pointing()


class Writes:
    """The tries of one person at one model."""

    def __init__(self, model, role, rows, table, sample=None):
        self.model, self.role, self.rows, self.table, self.sample = model, role, rows, table, sample
        self.name = model._name

    def note(self, surface, leak=None):
        self.table.note(surface, self.role, leak)

    def strangers_rows(self):
        held = sorted(self.rows.of_strangers(self.role, self.name))
        for row in self.model.browse(held[:1] + held[-1:] if len(held) > 1 else held):
            written = try_it(row.env, lambda row=row: row.write(self._harmless()))
            self.note("write by id", None if written is REFUSED else f"{row}")
            if self.model.has_access("unlink"):
                gone = try_it(row.env, row.unlink)
                self.note("delete by id", None if gone is REFUSED else f"{row}")

    def shared_rows(self):
        """Rows that came with Odoo serve every tenant: only the owner's staff changes them."""
        if "base.group_user" in self.role.groups or self.model.env.user.share:
            row = self._shipped_row()
            if row:
                written = try_it(row.env, lambda: row.write(self._harmless()))
                self.note("change what all share", None if written is REFUSED else f"{row}")

    def _shipped_row(self):
        if self.rows.shared[self.name]:
            return self.model.browse(max(self.rows.shared[self.name]))
        own = self.rows.held_by_any(self.name) | {self.model.env.user.id if self.name == "res.users" else 0}
        data = self.model.env["ir.model.data"].sudo().search([("model", "=", self.name)])
        ids = [row_id for row_id in data.mapped("res_id") if row_id not in own]
        return self.model.browse(ids[-1:]).exists()

    def _harmless(self):
        """Values of one simple field, so that a write that is not refused changes little."""
        for name, field in sorted(self.model._fields.items()):
            simple = field.type in VALUES and field.store and not field.compute and not field.related
            if simple and not field.readonly and name not in ("active", "share") and self._writable(name):
                return {name: VALUES[field.type]}
        return {}

    def _writable(self, name):
        return self.model._has_field_access(self.model._fields[name], "write")

    def _targets(self):
        """Yield (field, value, stranger's row) for every relation that a client may write."""
        for name, field in sorted(self.model._fields.items()):
            settable = field.store or field.inverse
            if (
                field.type not in RELATIONAL
                or name in ("create_uid", "write_uid")
                or not settable
                or not self._writable(name)
            ):
                continue
            if field.type == "reference":
                target = self._stranger("res.partner")
                value = f"res.partner,{target.id}"
            else:
                target = self._stranger(field.comodel_name)
                value = target.id if field.type == "many2one" else [Command.link(target.id)]
            if target:
                yield field, value, target

    def _stranger(self, name):
        other = self.model.env[name].sudo()
        ids = self.rows.of_strangers(self.role, name)
        return other.browse(max(ids) if ids else ())

    def point_at(self):
        own = try_it(self.model.env, self._own_row)
        if own is REFUSED or not own:
            self.table.untested["point at, write", self.role.name].add(self.name)
            return
        for field, value, target in self._targets():
            surface = "give away" if field.name in OWNERSHIP else "point at, write"
            seen = try_it(own.env, partial(self._write_and_look, own, field, value))
            self._note_pointing(surface, field, target, seen)

    def _own_row(self):
        domain = [("id", "in", list(self.rows.of_own(self.role, self.name)))]
        return self.model.search(domain, order="id desc", limit=20)._filtered_access("write")[:1]

    def _write_and_look(self, own, field, value):
        own.write({field.name: value})
        return self._seen(own, field)

    @staticmethod
    def _seen(record, field):
        record.env.flush_all()
        record.env.invalidate_all()
        return record.sudo().with_context(active_test=False)[field.name]

    def _note_pointing(self, surface, field, target, seen):
        leak = seen is not REFUSED and seen and target in seen.sudo()
        self.note(surface, f"{self.name}.{field.name} at {target}" if leak else None)

    def create_pointing(self):
        if not self.model.has_access("create"):
            return
        values = self._own_values()
        if values is REFUSED:
            self.table.untested["point at, create", self.role.name].add(self.name)
            return
        for field, value, target in self._targets():
            self._ask_form(field, value, values)
            if field.type == "one2many":
                continue
            seen = try_it(self.model.env, partial(self._create_and_look, {**values, field.name: value}, field))
            self._note_pointing("point at, create", field, target, seen)
            others = {name: one for name, one in values.items() if name != field.name}
            seen = try_it(self.model.env, partial(self._create_by_context, others, field, value))
            self._note_pointing("point at, default", field, target, seen)
            if self.model._transient:
                seen = try_it(self.model.env, partial(self._create_and_write, values, field, value))
                self._note_pointing("point at, write", field, target, seen)

    def _ask_form(self, field, value, values):
        """Ask what a form that points at a stranger would show; a dict is what forms send of a row to be made."""
        asked_as = [value, {"id": value}] if field.type == "many2one" else [value]
        for asked, changed in product(asked_as, ([], [field.name])):  # a new form; one in which the field has changed
            answer = try_it(self.model.env, partial(self._form, {**values, field.name: asked}, field.name, changed))
            told = strangers_in(self.role, answer) or (answer is not REFUSED and self.model.env.user.share)
            self.note("point at, form", f"{self.name}.{field.name} = {asked}: {told}" if told else None)

    def _form(self, values, name, changed):
        behind = [one for one, field in self.model._fields.items() if (field.related or "").startswith(f"{name}.")]
        spec = {
            one: {"fields": {"display_name": {}}} if self.model._fields[one].relational else {}
            for one in [name, *behind]
            if self.model._has_field_access(self.model._fields[one], "read")
        }
        return self.model.onchange(values, changed, spec)

    def _create_by_context(self, values, field, value):
        made = self.model.with_context(**{f"default_{field.name}": value}).create(values)
        return self._seen(made, field)

    def _create_and_write(self, values, field, value):
        return self._write_and_look(self.model.create(values), field, value)

    def call_strangers(self):
        """Let strangers follow an own row, and write to them by it."""
        own = try_it(self.model.env, self._own_row)
        if own is REFUSED or not own or "message_follower_ids" not in self.model._fields:
            return
        stranger = self._stranger("res.partner")
        for surface, call in (
            ("strangers follow", lambda: own.message_subscribe(stranger.ids) and own.sudo().message_partner_ids),
            ("write to strangers", lambda: own.message_post(body="?", partner_ids=stranger.ids).sudo().partner_ids),
        ):
            seen = try_it(own.env, call)
            self.note(surface, f"{own}" if seen is not REFUSED and stranger in (seen or []) else None)

    def _create_and_look(self, values, field):
        return self._seen(self.model.create(values), field)

    def _own_values(self):
        """Values with which this person can make a row; REFUSED when none were found."""
        if self.sample is not None:
            made = try_it(self.model.env, lambda: bool(self.model.create(dict(self.sample))))
            return REFUSED if made is REFUSED else self.sample
        if try_it(self.model.env, lambda: bool(self.model.create({}))) is not REFUSED:
            return {}
        for own in self.model.sudo().browse(sorted(self.rows.of_own(self.role, self.name))[-3:]):
            values = try_it(own.env, lambda own=own: own.copy_data()[0])
            if values is REFUSED:
                continue
            required = {name: value for name, value in values.items() if self.model._fields[name].required}
            for some in (required, values):
                if try_it(self.model.env, lambda some=some: bool(self.model.create(dict(some)))) is not REFUSED:
                    return some
        return REFUSED
