"""A person of each role of the owner's staff, and what they get at, as plain tables."""

from contextlib import suppress

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .test_isolation import all_telecom_names
from .ways import own_methods, watching_writes

STAFF_ROLES = ("admin", "accountant", "pricing", "support", "auditor")
OPERATIONS = (("read", "r"), ("write", "w"), ("create", "c"), ("unlink", "d"))
# Models of Odoo's that say who may keep ledgers, people and settings
OF_ODOO = (
    *("res.partner", "res.users", "res.groups", "res.company", "ir.config_parameter", "ir.rule"),
    *("account.move", "account.payment", "account.account", "account.journal", "account.tax"),
)


def make_staff(env, company, companies):
    """Return {role: its person}, who may choose all these companies."""
    return {
        role: new_test_user(
            env,
            f"role_{role}",
            groups=f"telecom_base.group_{role}",
            company_id=company.id,
            company_ids=[(6, 0, companies.ids)],
        )
        for role in STAFF_ROLES
    }


def env_of(env, user):
    """Return the environment of a person with all of its companies ticked."""
    return env(user=user.id, su=False, context={"allowed_company_ids": user.company_ids.ids})


def rights(env, name):
    """Return access to a model as text, for example "rw--"."""
    return "".join(letter if env[name].has_access(operation) else "-" for operation, letter in OPERATIONS)


def rights_table(envs):
    """Return one line a model: its name and the rights of each role in the order of STAFF_ROLES."""
    any_env = next(iter(envs.values()))
    return [
        " ".join((name, *(rights(envs[role], name) for role in STAFF_ROLES)))
        for name in (*all_telecom_names(any_env), *OF_ODOO)
    ]


def hidden_fields(env):
    """Return the fields of our models that a person may not read, of those models that it may read."""
    found = set()
    for name in all_telecom_names(env):
        if env[name].has_access("read"):
            fields = env[name]._fields.values()
            found |= {f"{name}.{field.name}" for field in fields if not env[name]._has_field_access(field, "read")}
    return found


def menu_names(env):
    """Return the paths of the Telecom menus that a person sees: those whose menus above it are seen too."""
    visible = env["ir.ui.menu"].browse(env["ir.ui.menu"]._visible_menu_ids()).sudo()
    paths = {menu.complete_name for menu in visible if menu.complete_name.startswith("Telecom")}
    shown = {path for path in paths if all(above in paths for above in _above(path))}
    return {path.removeprefix("Telecom/") for path in shown if "/" in path}


def _above(path):
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def by_role(found):
    """Turn {role: names} into {name: "role role"}, which reads as a table."""
    names = sorted(set().union(*found.values()))
    return {name: " ".join(role for role in STAFF_ROLES if name in found[role]) for name in names}


def our_methods(model):
    """Names of public methods without arguments that our addons define on a model."""
    for name in own_methods(type(model)):
        if getattr(type(model), name).__module__.startswith("odoo.addons.telecom_"):
            yield name


def outcome(rows, name):
    """Call a method on each row and undo it: "refused" (no right), "writes" (it changed something) or "looks"."""
    found = {_outcome(row, name) for row in rows}
    return next(word for word in ("refused", "writes", "looks") if word in found or word == "looks")


def _outcome(row, name):
    savepoint = row.env.cr.savepoint(flush=False)
    with watching_writes(row.env.cr) as writes, suppress(UserError):  # refused for another reason than rights
        try:
            getattr(row, name)()
            row.env.flush_all()
        except AccessError:
            return "refused"
        finally:
            row.env.transaction.clear()
            savepoint.close(rollback=True)
            row.env.transaction.clear()
    return "writes" if writes else "looks"


def buttons(env, name):
    """Return the methods that a person's list and form of a model offer as buttons."""
    found = set()
    for kind in ("list", "form", "kanban"):
        arch = etree.fromstring(env[name].get_view(view_type=kind)["arch"])
        found |= {node.get("name") for node in arch.iter("button") if node.get("type") == "object"}
        # buttons of embedded lists are another model's
        for part in arch.iterfind(".//field//button"):
            found.discard(part.get("name"))
    return found
