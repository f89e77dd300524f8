"""Rows of Odoo's own models for every party.

Whatever row is made while a party's builder runs, in whatever model, belongs to that party: the side effects of Odoo
(sequences, journals, followers, log messages ...) are found without naming them.
"""

from collections import defaultdict
from contextlib import contextmanager

from odoo.addons.test_telecom.tests.worlds import CUSTOMERS, Worlds, mark
from odoo.fields import Command

from . import rows_books, rows_mail, rows_shared, rows_site
from .parties import PARTIES, TENANTS

NOT_OF_A_PARTY = {"bus.bus": "messages on their way: read by nobody, looked at as a surface of their own"}


def stored_models(env):
    """Every model that has a table of its own with numbered rows."""
    env.cr.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    tables = {name for (name,) in env.cr.fetchall()}
    for name in sorted(env.registry.models):
        model = env[name]
        if not model._abstract and not model._transient and model._table in tables and name not in NOT_OF_A_PARTY:
            yield model


class Rows:
    """`held[party][model]` = ids of the rows that belong to the party."""

    def __init__(self, env):
        self.env = env
        self.held = {party: defaultdict(set) for party in PARTIES}
        self.users = {}
        self.shared = defaultdict(set)  # by model: rows without a company, which serve every tenant
        self.sites = {}

    def build(self):
        worlds = self.worlds = Worlds(self.env).build()
        for party, rows in worlds.rows.items():
            for model, ids in rows.items():
                self.held[party][model] |= ids
        for party, account in worlds.accounts.items():
            self.held[party]["res.partner"] |= set(account.partner_id.ids)
        for tenant in TENANTS:
            self._build_tenant(tenant)
        for customer, tenant in CUSTOMERS.items():
            with self.belonging_to(customer):
                env, partner = self.env_of(tenant), worlds.accounts[customer].partner_id
                user = self.users[customer] = self.add_portal_user(env, customer, partner)
                rows_books.build_customer(env, mark(customer), partner)
                rows_mail.build_customer(env, mark(customer), partner, user)
                rows_site.build_customer(env, mark(customer), user)
        with self.belonging_to("ownerhouse"):
            self._add_staff(self.env_of("owner"), mark("ownerhouse"))
        self._lose_companies()
        for record in rows_shared.build_shared(self.env):
            self.shared[record._name].update(record.ids)
        self._leave_followers_to_the_robot()
        self.env.flush_all()
        return self

    def _build_tenant(self, tenant):
        env = self.env_of(tenant)
        env.company.partner_id.email = f"office@{tenant}.example"
        self.held[f"{tenant}front"]["res.company"] |= set(env.company.ids)
        self.held[f"{tenant}front"]["res.partner"] |= set(env.company.partner_id.ids)
        with self.belonging_to(f"{tenant}front"):
            site = self.sites[tenant] = rows_site.build_front(env, mark(f"{tenant}front"), tenant)
        with self.belonging_to(f"{tenant}house"):
            rows_books.load_chart(env)
            user = self.users[f"{tenant}house"] = self.add_portal_user(env, f"{tenant}house", None)
            rows_books.build_house(env, mark(f"{tenant}house"))
            rows_mail.build_house(env, mark(f"{tenant}house"), user)
            rows_site.build_house(env, mark(f"{tenant}house"), user, site)

    def env_of(self, tenant):
        """The superuser's environment in the tenant's company."""
        company = self.worlds.companies[tenant]
        return self.env(context={**self.env.context, "allowed_company_ids": company.ids})

    def add_portal_user(self, env, party, partner):
        """Make a person of a party who may log in; `partner` is the customer it belongs to."""
        contact = env["res.partner"].create(
            {
                "name": mark(party),
                "email": f"{party}@{party}.example",
                "company_id": env.company.id,
                "parent_id": partner.id if partner else False,
            }
        )
        users = env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "login": f"{mark(party)}-person",
                "password": f"{mark(party)}-person",
                "partner_id": contact.id,
                "company_id": env.company.id,
                "company_ids": [Command.set(env.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def _add_staff(self, env, name):
        """A person of the owner's staff: internal users are listed to everybody by Odoo."""
        contact = env["res.partner"].create({"name": name, "email": f"{name.lower()}@owner.example"})
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": f"{name}-staff",
                "partner_id": contact.id,
                "company_id": env.company.id,
                "company_ids": [Command.set(env.company.ids)],
                "group_ids": [Command.set(self.env.ref("telecom_base.group_support").ids)],
            }
        )

    @contextmanager
    def belonging_to(self, party):
        """Note every row that is made inside as the party's."""
        before = self._last_ids()
        yield
        for model, last in self._last_ids().items():
            first = before.get(model, 0)
            if last > first:
                self.env.cr.execute(f'select id from "{self.env[model]._table}" where id > %s', [first])  # noqa: S608 - our names
                self.held[party][model].update(row_id for (row_id,) in self.env.cr.fetchall())

    def _last_ids(self):
        self.env.flush_all()
        models = list(stored_models(self.env))
        parts = [f"select '{model._name}', max(id) from \"{model._table}\"" for model in models]  # noqa: S608
        self.env.cr.execute(" union all ".join(parts))
        return {model: last or 0 for model, last in self.env.cr.fetchall()}

    def _lose_companies(self):
        """Rows whose company got lost (an import, a script): nobody of a reseller sees them."""
        with self.belonging_to("nobody"):
            lost = rows_books.build_ownerless(self.env_of("far"), mark("nobody"))
        for record in lost:
            update = f'update "{record._table}" set company_id = null where id in %s'  # noqa: S608 - our names
            self.env.cr.execute(update, [record._ids])
        self.env.invalidate_all()

    def _leave_followers_to_the_robot(self):
        """A follower row names who follows, and nothing of what: those of Odoo's own robot are nobody's secret."""
        robot = self.env.ref("base.partner_root")
        followed = set(self.env["mail.followers"].search([("partner_id", "=", robot.id)]).ids)
        for held in self.held.values():
            held["mail.followers"] -= followed

    def of_strangers(self, role, model):
        """Return the ids of a model that a person must not see."""
        return set().union(*(self.held[party][model] for party in role.strangers))

    def of_own(self, role, model):
        """Return the ids of a model that belong to whom the person serves."""
        return set().union(*(self.held[party][model] for party in role.meets))

    def held_by_any(self, model):
        """Return the ids of a model that belong to a party."""
        return set().union(*(held[model] for held in self.held.values()))

    def untested_models(self):
        """Return the models of which no party holds a row that somebody could meet."""
        return [model._name for model in stored_models(self.env) if not self.held_by_any(model._name)]
