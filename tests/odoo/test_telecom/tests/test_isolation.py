"""Nobody reads, changes or finds a row of somebody else, whatever the model and the way to read it.

The models come from the registry: a new one without access lines, without a record rule or without rows in
`worlds.py` fails here.
"""

import json
from collections import defaultdict
from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from .ways import own_methods, read_every_way, watching_writes
from .worlds import CUSTOMERS, PARTIES, Worlds, mark

STAFF = "telecom_base.group_staff"
# Reference data of the owner that is the same for everybody and names nobody: rows need no owner.
SHARED = {
    "telecom.numbering.plan": "how a country dials",
    "telecom.destination": "what a destination is called",
    "telecom.destination.group": "how destinations are grouped",
    "telecom.destination.prefix": "which numbers a destination has",
}
# (group, whose person it is, whose rows it may see)
ROLES = {
    "reseller admin": ("telecom_base.group_reseller_admin", "north", {"north", "acme", "harbour"}),
    "reseller accountant": ("telecom_base.group_reseller_accountant", "north", {"north", "acme", "harbour"}),
    "reseller support": ("telecom_base.group_reseller_support", "north", {"north", "acme", "harbour"}),
    "customer admin": ("telecom_base.group_customer_admin", "acme", {"acme"}),
    "customer user": ("telecom_base.group_customer_user", "acme", {"acme"}),
    "direct customer": ("telecom_base.group_customer_admin", "direct", {"direct"}),
    "portal person without a role": ("base.group_portal", "acme", set()),
    "employee without a role": ("base.group_user", "owner", set()),
    "visitor": ("base.group_public", "owner", set()),
}
OPERATIONS = {"w": "write", "c": "create", "u": "unlink"}
# What people of resellers and customers may change, by group; `test_telecom_isolation` tries each of them at strangers'
WRITABLE = {
    "reseller_accountant": {
        "billing.account": "w",
        "wallet.topup": "wcu",
        "wallet.reversal": "wcu",
        "allowance.give": "wcu",
        "fraud.rule": "wcu",
    },
    "reseller_support": {
        "number": "w",
        "phone": "wc",
        "phone.password": "wcu",
        "dial.target": "wcu",
        "ring.group": "wc",
        "ring.group.member": "wcu",
        "service.class": "wcu",
        "service.rule": "wcu",
    },
    "reseller_admin": {
        "brand": "w",
        "brand.host": "wcu",
        "brand.page": "wcu",
        "rate.plan": "wc",
        "rate": "wcu",
        "rate.band": "wcu",
        "price.import": "wcu",
        "price.import.column": "wcu",
        "price.import.problem": "wcu",
        "price.export": "wcu",
        "band.set": "wcu",
        "band": "wcu",
        "band.time": "wcu",
        "holiday.calendar": "wcu",
        "holiday": "wcu",
        "holiday.import": "wcu",
        "allowance": "wc",
        "plan.assignment": "wcu",
        "plan.change": "wcu",
        "office.customer": "wcu",
        "reseller.wizard": "wcu",
    },
    "customer_admin": {
        "phone": "w",
        "phone.password": "wcu",
        "dial.target": "wcu",
        "ring.group": "wc",
        "ring.group.member": "wcu",
        "service.class": "wcu",
        "service.rule": "wcu",
    },
}
# Whose name a person may meet besides its own: that of its provider.
KNOWN_NAMES = {"acme": {"acme", "north"}, "direct": {"direct", "owner"}, "north": {"north", "acme", "harbour", "owner"}}
STRANGERS = ("portal person without a role", "employee without a role", "visitor")


def telecom_models(env):
    """Every stored model of ours, as the administrator sees it."""
    return [
        env[name].with_context(active_test=False)
        for name in sorted(env.registry.models)
        if name.startswith("telecom.") and not env[name]._abstract and not env[name]._transient
    ]


def all_telecom_names(env):
    """Names of all models of ours that hold rows, also of those that hold them for an hour only."""
    return [name for name in sorted(env.registry.models) if name.startswith("telecom.") and not env[name]._abstract]


def writable_by(user):
    """Return {model: operations} of what is listed for the groups of a user, implied ones too."""
    found = {}
    for group, models in WRITABLE.items():
        if user.has_group(f"telecom_base.group_{group}"):
            for model, operations in models.items():
                name = f"telecom.{model}"
                found[name] = "".join(letter for letter in OPERATIONS if letter in operations + found.get(name, ""))
    return found


@tagged("post_install", "-at_install")
class TestIsolation(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
        cls.worlds = Worlds(cls.env).build()
        cls.users = {role: cls.make_user(role) for role in ROLES}

    @classmethod
    def make_user(cls, role):
        group, party, _sees = ROLES[role]
        company = cls.worlds.companies[CUSTOMERS.get(party, party)]
        login = "probe_" + role.replace(" ", "_")
        user = new_test_user(
            cls.env,
            login,
            groups=f"{group},base.group_allow_export",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        customer = cls.worlds.accounts[party].partner_id if party in CUSTOMERS else None
        user.partner_id.write({"company_id": company.id, "parent_id": customer.id if customer else False})
        return user

    def as_user(self, role):
        user = self.users[role]
        return self.env(user=user.id, su=False, context={"allowed_company_ids": user.company_ids.ids})

    def rows_of_others(self, role, model):
        """Return the ids of a model that the person must not see."""
        sees = ROLES[role][2]
        return {row_id for party in PARTIES if party not in sees for row_id in self.worlds.rows[party][model]}

    # -- from the registry -------------------------------------------------------------------------------------

    def test_every_model_has_access_lines_of_our_groups_only(self):
        for name in all_telecom_names(self.env):
            lines = self.env["ir.model.access"].search([("model_id.model", "=", name)])
            foreign = {
                line.name
                for line in lines
                if not (line.group_id.get_external_id()[line.group_id.id] or "").startswith("telecom_")
            }
            with self.subTest(model=name):
                self.assertTrue(lines, "no access lines")
                self.assertEqual(foreign, set(), "access for everybody or for a group of Odoo's")

    def test_every_model_that_others_may_read_has_a_record_rule(self):
        for role in ROLES:
            env = self.as_user(role)
            for model in telecom_models(env):
                if model._name in SHARED or not model.has_access("read"):
                    continue
                with self.subTest(role=role, model=model._name):
                    domains = [rule.domain_force for rule in env["ir.rule"]._get_rules(model._name).sudo()]
                    self.assertTrue([text for text in domains if text and text.replace(" ", "") != "[(1,'=',1)]"])

    def test_the_probe_has_rows_of_every_model(self):
        for model in telecom_models(self.env):
            if model._name in SHARED:
                continue
            with self.subTest(model=model._name):
                held = {party for party in PARTIES if self.worlds.rows[party][model._name]}
                self.assertTrue(held, "add rows of this model to worlds.py")
                rows = set().union(*(self.worlds.rows[party][model._name] for party in held))
                self.assertEqual(set(model.browse(rows).exists().ids), rows)

    def test_strangers_may_read_no_model_at_all(self):
        for role in STRANGERS:
            env = self.as_user(role)
            for name in all_telecom_names(env):
                with self.subTest(role=role, model=name):
                    self.assertFalse(env[name].has_access("read"))

    def test_outside_people_write_what_is_listed_and_nothing_else(self):
        for role in ROLES:
            env = self.as_user(role)
            listed = writable_by(self.users[role])
            for name in all_telecom_names(env):
                may = "".join(letter for letter, operation in OPERATIONS.items() if env[name].has_access(operation))
                with self.subTest(role=role, model=name):
                    self.assertEqual(may, listed.get(name, ""))

    def test_owner_only_models_stay_with_the_owner(self):
        for role in ROLES:
            env = self.as_user(role)
            for name in (
                *("carrier", "trunk", "deck.rate", "route", "route.line", "call.record", "carrier.ledger"),
                *("carrier.block", "trunk.quality"),
                *(f"carrier.statement{part}" for part in ("", ".column", ".line", ".problem")),
                *("switch.node", "switch.command", "switch.finding", "live.call", "trunk.state", "login.failure"),
                *("rerate.run", "rerate.sum", "rerate.line", "rerate.cost.sum", "rerate.cost.line", "billing.run"),
            ):
                with self.subTest(role=role, model=name):
                    self.assertFalse(env[f"telecom.{name}"].has_access("read"))

    # -- with rows ---------------------------------------------------------------------------------------------

    def test_everybody_sees_their_own_rows(self):
        """The probe would be worthless if nobody saw anything."""
        for role, party, models in (
            (
                "customer user",
                "acme",
                ("billing.account", "phone", "number", "wallet", "wallet.entry", "call.charge", "live.charge"),
            ),
            (
                "reseller support",
                "harbour",
                ("billing.account", "phone", "number", "wallet", "call.charge", "live.charge"),
            ),
            ("reseller admin", "north", ("billing.account", "wallet", "wallet.entry", "call.charge", "tenant")),
        ):
            env = self.as_user(role)
            for name in models:
                rows = self.worlds.rows[party][f"telecom.{name}"]
                with self.subTest(role=role, party=party, model=name):
                    self.assertEqual(set(env[f"telecom.{name}"].search([("id", "in", list(rows))]).ids), rows)

    def test_no_row_of_others_is_found_or_read_by_id(self):
        for role in ROLES:
            env = self.as_user(role)
            for model in telecom_models(env):
                others = self.rows_of_others(role, model._name)
                if not others:
                    continue
                with self.subTest(role=role, model=model._name):
                    with suppress(AccessError):
                        self.assertEqual(set(model.search([]).ids) & others, set())
                    for row_id in others:
                        row = model.browse(row_id)
                        for read in (row.read, lambda row=row: row.export_data(["id", "display_name"])):
                            with self.assertRaises(AccessError):
                                read()

    def test_no_name_of_others_comes_out_of_any_way_to_read(self):
        for role in ROLES:
            env = self.as_user(role)
            known = KNOWN_NAMES.get(ROLES[role][1], set())
            foreign = [mark(party) for party in PARTIES if party not in known]
            leaks = defaultdict(set)
            for model in telecom_models(env):
                if model.has_access("read"):
                    for way, result in read_every_way(model):
                        text = json.dumps(result, default=str)
                        leaks[model._name].update(f"{name} by {way}" for name in foreign if name in text)
            with self.subTest(role=role):
                self.assertEqual({name: found for name, found in leaks.items() if found}, {})

    def test_no_method_of_a_row_of_others_answers_or_writes(self):
        for role in ROLES:
            env = self.as_user(role)
            leaks = defaultdict(set)
            for model in telecom_models(env):
                for row_id in sorted(self.rows_of_others(role, model._name))[:1]:
                    leaks[model._name] = self.sweep_methods(model.browse(row_id), role)
            with self.subTest(role=role):
                self.assertEqual({name: found for name, found in leaks.items() if found}, {})

    def sweep_methods(self, row, role):
        """Call every public method without arguments on a foreign row; return those that tell or write something."""
        known = KNOWN_NAMES.get(ROLES[role][1], set())
        foreign = [mark(party) for party in PARTIES if party not in known]
        found = set()
        for name in own_methods(type(row)):
            savepoint = self.env.cr.savepoint(flush=False)
            with watching_writes(self.env.cr) as writes, suppress(Exception):  # refused in whatever way: nothing out
                text = json.dumps(getattr(row, name)(), default=str)
                row.env.flush_all()
                if writes or any(name in text for name in foreign):
                    found.add(name)
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)
        return found
