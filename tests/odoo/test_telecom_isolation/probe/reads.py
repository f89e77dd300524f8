"""The ways by which a client reads: rows, names, fields, groups, exports, questions whose answer tells something."""

from odoo.addons.test_telecom.tests.worlds import mark
from odoo.api import SUPERUSER_ID

from .attempt import REFUSED, looking, strangers_in

NAMED_TO = {
    "owner's auditor": {f"telecom.audit.line.{name}" for name in ("user_id", "user_name", "who")},
}
"""Fields in which somebody may meet a stranger: who changed a thing of the owner's is named to its auditor, whoever
that was; an intruder least of all is hidden."""
ROWS_READ = 100  # of a model at once; the newest, which the probe made
ROWS_BY_ID = 3  # strangers' rows of a model that are asked for by id, of each party


def models_of(env, only=None):
    """Every stored model (or those named), as the person sees it, archived rows included."""
    for name in sorted(only or env.registry.models):
        model = env[name]
        if not model._abstract and not model._transient:
            yield model.with_context(active_test=False)


def probe_reads(env, role, rows, table, only=None):
    """Try every way to read every model (or those named) and note what came out."""
    for model in models_of(env, only):
        with looking(env) as look:
            ways = Reads(model, role, rows, table, look)
            ways.by_id()
            if model.has_access("read"):
                ways.search()
                ways.names_and_groups()
                ways.fields()
                ways.conditions()


def probe_own_pages(env, role, rows, table, only=None, samples=None):
    """Pages that somebody else has open, rows of an hour in the database: read by id and found by a search."""
    for name in sorted(set(only or env.registry.models) & set(samples or {})):
        model = env[name]
        if not model._transient or not model.has_access("read"):
            continue
        page = model.with_user(SUPERUSER_ID).create(dict(samples[name]))
        with looking(env) as look:
            for surface, act in (
                ("read by id", page.with_env(env).read),
                ("search", lambda model=model: model.search([]).ids),
            ):
                got = look(act)
                table.note(surface, role, f"{page} of somebody else" if got is not REFUSED and got else None)


class Reads:
    """The tries of one person at one model."""

    def __init__(self, model, role, rows, table, look):
        self.model, self.role, self.rows, self.table, self.look = model, role, rows, table, look
        self.name = model._name

    def note(self, surface, leak=None, tries=1):
        self.table.note(surface, self.role, leak, tries)

    def note_names(self, surface, what, answer):
        found = ", ".join(sorted(strangers_in(self.role, answer)))
        if what in NAMED_TO.get(self.role.name, ()):
            found = ""
        self.note(surface, f"{what} names {found}" if found else None)

    def newest(self, limit=ROWS_READ):
        return self.model.search([], limit=limit, order="id desc")

    def readable(self):
        return [name for name, field in self.model._fields.items() if self.model._has_field_access(field, "read")]

    def by_id(self):
        for party in sorted(self.role.strangers):
            for row_id in sorted(self.rows.held[party][self.name])[:ROWS_BY_ID]:
                row = self.model.browse(row_id)
                for surface, act in (
                    ("read by id", lambda row=row: row.read(["id", "display_name"])),
                    ("export by id", lambda row=row: row.export_data([".id", "display_name"])["datas"]),
                ):
                    got = self.look(act)
                    self.note(surface, f"{row} of {party}" if got is not REFUSED and got else None)

    def search(self):
        found = self.look(lambda: self.model.search([]).ids)
        strangers = self.rows.of_strangers(self.role, self.name)
        leak = set() if found is REFUSED else strangers & set(found)
        self.note("search", f"{self.name}: {sorted(leak)}" if leak else None)

    def names_and_groups(self):
        model = self.model
        self.note_names("name_search", self.name, self.look(lambda: model.name_search("", limit=ROWS_READ)))
        self.note_names("display_name", self.name, self.look(lambda: self.newest().mapped("display_name")))
        relational = [name for name in self.readable() if model._fields[name].relational]
        for name in relational:
            spec = {name: {"fields": {"display_name": {}}}}
            page = self.look(lambda spec=spec: model.web_search_read([], spec, limit=ROWS_READ, order="id desc"))
            self.note_names("web_search_read", f"{self.name}.{name}", page)
            if model._fields[name].store:
                groups = self.look(lambda name=name: model.formatted_read_group([], [name], ["__count"]))
                self.note_names("group by", f"{self.name}.{name}", groups)
        paths = ["display_name", *(f"{name}/display_name" for name in relational)]
        self.note_names("export", self.name, self.look(lambda: self.newest(20).export_data(paths)["datas"]))

    def fields(self):
        """All fields at once; one by one only when that was refused or told something, to name the field."""
        names = [name for name in self.readable() if self.model._fields[name].type != "binary"]

        def read(some):
            return self.look(lambda: self.model.search_read([], some, limit=ROWS_READ, order="id desc"))

        answer = read(names)
        if answer is not REFUSED and not strangers_in(self.role, answer):
            self.note("search_read, each field", tries=len(names))
            return
        for name in names:
            self.note_names("search_read, each field", f"{self.name}.{name}", read([name]))

    def conditions(self):
        """Whether a condition on a name behind a relation tells that a stranger's name is there."""
        visible = self.look(self.newest)
        for name in [] if visible is REFUSED else self.readable():
            asked = self._asked_behind(name)
            if not asked:
                continue
            behind = strangers_in(self.role, " ".join(filter(None, visible.sudo().mapped(f"{name}.{asked}"))))
            self.note("conditions on names")
            for party in sorted(behind):
                domain = [(f"{name}.{asked}", "like", mark(party))]
                if self.look(lambda domain=domain: self.model.search_count(domain)) not in (0, REFUSED):
                    self.note("conditions on names", f"{self.name}.{name} tells of {party}")

    def _asked_behind(self, name):
        """Return the stored name field of the model behind a relation; None when there is none to ask for."""
        field = self.model._fields[name]
        if not field.relational or not field.store:
            return None
        other = self.model.env[field.comodel_name]
        asked = other._fields.get(other._rec_name or "")
        return asked.name if asked is not None and asked.store and asked.type in ("char", "text") else None
