"""Public methods that take arguments: called with strangers' ids, on own rows and on strangers'.

The arguments come from the signature: a name says what an id is of (`partner_id`, `account_ids`), else what a value of
that name usually is; what is asked for by an unknown name gets a stranger's row of the model itself.
"""

import inspect
from itertools import islice

from odoo.addons.test_telecom.tests.worlds import mark

from .attempt import REFUSED, strangers_in, try_and_watch
from .reads import models_of
from .routes import MODEL_OF

POSITIONAL = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)
PLAIN = {
    "aggregates": ["__count"],
    "amount": 1.0,
    "body": "probe",
    "code": "probe",
    "count": 1,
    "currency": None,
    "data": {},
    "date": "2026-03-02",
    "date_from": "2026-01-01",
    "date_to": "2026-12-31",
    "default": {},
    "domain": [],
    "field_name": "display_name",
    "field_names": ["display_name"],
    "fields": ["display_name"],
    "fields_list": ["display_name"],
    "fields_spec": {"display_name": {}},
    "fname": "display_name",
    "groupby": ["create_uid"],
    "lang": "en_US",
    "limit": 5,
    "mode": "all",
    "name": mark(""),
    "offset": 0,
    "operator": "ilike",
    "order": "id",
    "query": mark(""),
    "search": mark(""),
    "search_term": mark(""),
    "specification": {"display_name": {}},
    "term": mark(""),
    "vals": {},
    "vals_list": [{}],
    "value": mark(""),
    "values": {},
}
"""Values of arguments that are no ids; the beginning of every party's mark where something is looked for."""
WITH_MODEL = ("model", "model_name", "res_model", "thread_model", "record_model")
NOT_CALLED = {
    "res.users": {
        "authenticate": "is the log-in, looked at in telecom_security",
        "switch_tour_enabled": "writes the caller's own row, whatever it is called on",
    },
}


def methods_with_arguments(model_class, of_all):
    """Yield (name, parameters) of public methods that need arguments, besides those that every model has."""
    for name in dir(model_class):
        function = inspect.getattr_static(model_class, name, None)
        function = getattr(function, "__func__", function)
        if name.startswith("_") or name in of_all or not inspect.isfunction(function):
            continue
        if getattr(getattr(model_class, name), "_api_private", False):
            continue
        parameters = list(inspect.signature(function).parameters.values())[1:]
        needed = [one for one in parameters if one.kind in POSITIONAL]
        if any(one.default is one.empty for one in needed):
            yield name, needed


class Arguments:
    """Fills parameters with ids of strangers of one person."""

    def __init__(self, env, role, rows):
        self.role, self.rows = role, rows
        self.by_word = {}  # partner: res.partner; the shortest name of a model wins
        for model in sorted(env.registry.models, key=len, reverse=True):
            self.by_word[model.rpartition(".")[2]] = model
            self.by_word[model.replace(".", "_")] = model
            self.by_word[model.removeprefix("telecom.").replace(".", "_")] = model
        self.by_word.update({"partner": "res.partner", "user": "res.users", "company": "res.company"})

    def fill(self, model, parameters):
        """Return {name: value} for parameters of a method of `model`."""
        return {one.name: self._value(model, one) for one in parameters if one.default is one.empty or self._id(one)}

    def _id(self, parameter):
        return parameter.name.endswith(("_id", "_ids"))

    def _value(self, model, parameter):
        name = parameter.name
        if name in PLAIN:
            return PLAIN[name]
        if name in WITH_MODEL:
            return "res.partner"
        word = name.removesuffix("s").removesuffix("_id")
        target = MODEL_OF.get(f"{word}_id") or self.by_word.get(word) or model._name
        ids = sorted(self.rows.of_strangers(self.role, target), reverse=True)
        many = name.endswith("s") or "list" in str(parameter.annotation).lower()
        return ids[:3] if many else next(iter(ids), 0)


def probe_arguments(env, role, rows, table, only=None):
    """Call every public method that takes arguments with strangers' ids; none tells or writes anything of theirs."""
    of_all = set(dir(env.registry["ir.http"]))
    arguments = Arguments(env, role, rows)
    for model in models_of(env, only):
        own = _own(model, role, rows)
        strangers = model.browse(sorted(rows.of_strangers(role, model._name), reverse=True)[:1])
        for name, parameters in methods_with_arguments(type(model), of_all):
            if name in NOT_CALLED.get(model._name, {}):
                continue
            values = arguments.fill(model, parameters)
            for rows_called, is_own in ((own, True), (strangers, False)) if own or strangers else ((model, True),):
                _call(env, role, table, rows_called, name, values, is_own)


def _call(env, role, table, records, name, values, is_own):
    """Note what the answer tells; what it wrote into a stranger's row; whom one's own row names afterwards."""

    def act():
        answer = getattr(records, name)(**values)
        env.flush_all()
        return answer, _names_in(records) if is_own else ""

    before = "" if not is_own else _names_in(records)
    answer, writes = try_and_watch(env, act)
    leak = None
    if answer is not REFUSED:
        told = strangers_in(role, answer[0]) | (strangers_in(role, answer[1]) - strangers_in(role, before))
        if told:
            leak = f"{records._name}.{name} names {sorted(told)}"
        elif writes and records and not is_own:
            leak = f"{records._name}.{name} writes {writes[:1]}"
    table.note("call a method with strangers", role, leak)


def _names_in(records):
    """Return the names of what a row points at, whoever may see them."""
    row_sudo = records.sudo().exists()
    names = [name for name, field in row_sudo._fields.items() if field.type == "many2one" and field.store]
    return str([row_sudo.mapped(f"{name}.display_name") for name in names]) if row_sudo else ""


def _own(model, role, rows):
    """A row that the person serves, if there is one."""
    ids = sorted(rows.of_own(role, model._name), reverse=True)
    return model.browse(list(islice(ids, 1)))
