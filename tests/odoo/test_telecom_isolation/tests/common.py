"""The worlds, the people and the table that all classes of the probe share."""

from odoo.addons.test_telecom.tests.worlds import CUSTOMERS, mark
from odoo.fields import Command
from odoo.tools import mute_logger

from ..probe.parties import ROLES
from ..probe.rows import Rows
from ..probe.table import Table

LOUD = (
    "odoo.sql_db",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.mail.models.mail_thread",
    "odoo.http",
    "odoo.tools.translate",
    "werkzeug",
)
"""They tell of every refusal, of which there are thousands."""


class ProbeMixin:
    """Builds every party's rows once for a class, and a user for each role."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
        cls.enterClassContext(mute_logger(*LOUD))
        cls.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")  # open sign-up: the worst case
        cls.rows = Rows(cls.env).build()
        cls.users = {role.name: cls.make_user(role) for role in ROLES}
        cls.table = Table()
        cls.env.flush_all()

    @classmethod
    def make_user(cls, role):
        worlds = cls.rows.worlds
        if "base.group_public" in role.groups:
            return cls.env.ref("base.public_user")
        companies = cls.env["res.company"].union(*(worlds.companies[name] for name in role.companies))
        home = worlds.companies[CUSTOMERS.get(role.party, role.party)]
        customer = worlds.accounts[role.party].partner_id if role.party in CUSTOMERS else None
        login = "probe-" + "".join(filter(str.isalnum, role.name))
        partner = cls.env["res.partner"].create(
            {
                "name": f"{mark(role.party)} {role.name}",
                "email": f"{login}@{role.party}.example",
                "company_id": home.id,
                "parent_id": customer.id if customer else False,
            }
        )
        groups = [cls.env.ref(group).id for group in (*role.groups, "base.group_allow_export")]
        values = {
            "login": login,
            "password": login,
            "partner_id": partner.id,
            "company_id": home.id,
            "company_ids": [Command.set(companies.ids)],
            "group_ids": [Command.set(groups)],
        }
        user = cls.env["res.users"].with_context(no_reset_password=True).create(values)
        user.company_ids = [Command.set(companies.ids)]  # new staff get every tenant's company; these lost some
        return user

    def as_role(self, role):
        """The environment of a role's person, with all its companies ticked."""
        user = self.users[role.name]
        return self.env(user=user.id, su=False, context={"allowed_company_ids": user.company_ids.ids, "lang": "en_US"})
