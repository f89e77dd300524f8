"""What each role of the owner's staff may and may not: models, fields, menus, buttons, methods.

Everything is taken from the registry and held against `roles_table.py`: a new model, field, menu or method that is not
decided there fails here.
"""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from . import roles_table
from .roles import (
    STAFF_ROLES,
    buttons,
    by_role,
    env_of,
    hidden_fields,
    make_staff,
    menu_names,
    our_methods,
    outcome,
    rights,
    rights_table,
)
from .test_isolation import telecom_models
from .ways import read_every_way
from .worlds import CUSTOMERS, PARTIES, Worlds

# Amounts that nothing else has: the price of a plan, a mark-up, a charge, a wallet entry, a carrier's price and cost
PRICE, MARK_UP, DECK_PRICE, CHARGED, COST = 0.971717, 37.373731, 0.881818, 0.991919, 0.551515


@tagged("post_install", "-at_install")
class TestRoles(TransactionCase):
    maxDiff = None  # the difference is what has to be decided

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
        cls.worlds = Worlds(cls.env).build()
        companies = cls.worlds.companies
        every = cls.env["res.company"].concat(*companies.values())
        cls.people = make_staff(cls.env, companies["owner"], every)
        cls.envs = {role: env_of(cls.env, person) for role, person in cls.people.items()}

    def rows_of(self, env, name):
        """Return some rows of a model that the worlds hold, of each party one or two.

        Resellers' accounts are left out: who may stop a whole reseller is the business of telecom.tenant.
        """
        parties = CUSTOMERS if name == "telecom.billing.account" else PARTIES
        ids = [row_id for party in parties for row_id in sorted(self.worlds.rows[party][name])[:2]]
        return env[name].browse(ids) or env[name].search([], limit=1)

    def test_rights_on_every_model(self):
        self.assertEqual(rights_table(self.envs), roles_table.RIGHTS)

    def test_fields_that_are_hidden_from_each_role(self):
        found = {role: hidden_fields(env) for role, env in self.envs.items()}
        self.assertEqual(by_role(found), roles_table.HIDDEN)

    def test_menus_of_each_role(self):
        found = {role: menu_names(env) for role, env in self.envs.items()}
        self.assertEqual(by_role(found), roles_table.MENUS)

    def test_the_auditor_may_change_no_model_but_those_of_every_internal_user(self):
        env = self.envs["auditor"]
        names = (name for name in env.registry.models if not env[name]._abstract and not env[name]._transient)
        changeable = {name for name in names if rights(env, name).strip("r-")}
        self.assertEqual(changeable - set(roles_table.OF_EVERY_USER), set())

    def test_methods_are_for_the_roles_in_the_table(self):
        """Methods that change something or refuse somebody; all others only open pages."""
        found = {}
        for model in telecom_models(self.env):
            for name in our_methods(model):
                words = {role: outcome(self.rows_of(env, model._name), name) for role, env in self.envs.items()}
                if set(words.values()) != {"looks"}:
                    allowed = [role for role in STAFF_ROLES if words[role] != "refused"]
                    found[f"{model._name}.{name}"] = " ".join(allowed)
        self.assertEqual(found, roles_table.METHODS)

    def test_every_button_that_a_role_sees_is_open_to_it(self):
        refused = set()
        seen = 0
        for role, env in self.envs.items():
            for model in telecom_models(env):
                if not model.has_access("read"):
                    continue
                for name in buttons(env, model._name):
                    seen += 1
                    if outcome(self.rows_of(env, model._name), name) == "refused":
                        refused.add(f"{role}: {model._name}.{name}")
        self.assertGreater(seen, 60)
        self.assertEqual(refused, set())

    # -- amounts -----------------------------------------------------------------------------------------------

    def price_something(self):
        """Give the amounts of this test to a rate, a plan, a deck, a charge with its entry, and a call record."""
        rows = self.worlds.rows
        self.env["telecom.rate"].browse(rows["owner"]["telecom.rate"]).price = PRICE
        self.env["telecom.rate.plan"].browse(rows["north"]["telecom.rate.plan"]).default_percent = MARK_UP
        self.env["telecom.deck.rate"].browse(rows["owner"]["telecom.deck.rate"]).price = DECK_PRICE
        leg = self.worlds._make_leg("direct", 99)
        leg["carrier_cost_micro"] = round(COST * 1_000_000)
        leg["charges"][0].update(net_micro=round(CHARGED * 1_000_000), gross_micro=round(CHARGED * 1_000_000))
        self.env.flush_all()
        self.env.cr.execute("select telecom_call_settle(%s)", [json.dumps([leg])])
        self.env.invalidate_all()

    def amounts_seen_by(self, role):
        """Return those of the amounts that come out of some model by some way to read it."""
        text = json.dumps(
            [
                result
                for model in telecom_models(self.envs[role])
                if model.has_access("read")
                for _way, result in read_every_way(model)
            ],
            default=str,
        )
        return {amount for amount in (PRICE, MARK_UP, DECK_PRICE, CHARGED, COST) if str(amount) in text}

    def test_support_meets_no_price_charge_cost_or_margin_anywhere(self):
        self.price_something()
        everything = {PRICE, MARK_UP, DECK_PRICE, CHARGED, COST}
        for role, expected in (
            ("auditor", everything),
            ("accountant", everything),
            ("pricing", everything),
            ("support", set()),
        ):
            with self.subTest(role=role):
                self.assertEqual(self.amounts_seen_by(role), expected)

    def test_a_person_of_support_may_be_given_prices_without_costs(self):
        self.price_something()
        self.people["support"].group_ids += self.env.ref("telecom_base.group_prices")
        self.assertEqual(self.amounts_seen_by("support"), {PRICE, MARK_UP, CHARGED})

    def test_support_learns_whether_a_call_would_start_but_no_amount(self):
        noon = fields.Datetime.now().replace(hour=12) + timedelta(days=1)  # the plan has other prices before six
        asked = {"account_id": self.worlds.accounts["direct"].id, "number": "+88811000", "called_at": noon}
        self.worlds.accounts["direct"].rate_plan_id = self.rows_of(self.env, "telecom.rate.plan")[0]
        self.price_something()
        pages = {role: self.envs[role]["telecom.price.and.route"].create(asked).answer() for role in STAFF_ROLES}
        for role in ("admin", "accountant", "pricing", "auditor"):
            self.assertIn(str(PRICE), json.dumps(pages[role]), role)
        page = pages["support"]
        self.assertEqual(page["direction"], "outbound")
        self.assertNotIn("0.9", json.dumps(page))
        for part in ("levels", "credit", "route", "free"):
            self.assertNotIn(part, page)

    # -- credit ------------------------------------------------------------------------------------------------

    def test_only_accountants_and_administrators_lend_money(self):
        account = self.worlds.accounts["direct"]
        for role in ("support", "pricing", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                account.with_env(self.envs[role]).write({"mode": "postpaid", "credit_limit": 50})
        with self.assertRaises(AccessError):
            self.open_account("support", mode="postpaid", credit_limit=50)
        self.assertEqual(self.open_account("support").credit_limit, 0)
        account.with_env(self.envs["accountant"]).write({"mode": "postpaid", "credit_limit": 50})
        account.with_env(self.envs["support"]).write({"mode": "postpaid", "credit_limit": 50, "tz": "Europe/Paris"})
        self.assertEqual((account.credit_limit, account.tz), (50, "Europe/Paris"))

    def open_account(self, role, **values):
        account = self.worlds.accounts["direct"]
        return self.envs[role]["telecom.billing.account"].create(
            {
                "company_id": account.company_id.id,
                "partner_id": account.partner_id.id,
                "country_id": account.country_id.id,
                "tz": account.tz,
                **values,
            }
        )
