"""Without any one of our rules the probe finds a leak: it looks where the rules guard, and none is idle.

Of the rules of our own models a share is taken away in each run, another one every day; `BSS_MUTATIONS=all` takes all:

    BSS_MUTATIONS=all ./bss test odoo -k test_telecom_isolation
"""

import logging
import os
from datetime import date
from unittest.mock import patch

from odoo.addons.telecom_isolation.models.base import Base
from odoo.addons.telecom_isolation.models.mail_thread import MailThread
from odoo.addons.telecom_isolation.models.res_company import ResCompany
from odoo.addons.telecom_isolation.models.res_partner import ResPartner
from odoo.addons.telecom_isolation_website.models.base import Base as WebsiteBase
from odoo.tests import TransactionCase, tagged

from ..probe.attempt import undone
from ..probe.calls import probe_calls, probe_pictures
from ..probe.parties import ROLES
from ..probe.reads import probe_own_pages, probe_reads
from ..probe.samples import samples
from ..probe.table import Table
from ..probe.writes import probe_writes
from .common import ProbeMixin

_logger = logging.getLogger(__name__)

SHARES = 6  # a run takes one of so many shares of the rules of our own models
EVERYBODY = "[(1,'=',1)]"
GIVES = {EVERYBODY, ""}
"""Domains of rules that only give: without them somebody sees less."""
SECOND_GUARDS = {}
"""Rules without which nothing comes out, and what guards there besides."""
MOST_TELLING_FIRST = sorted(ROLES, key=lambda role: ("base.group_user" not in role.groups, "reseller" not in role.name))


@tagged("post_install", "-at_install")
class TestEachRuleIsNeeded(ProbeMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.samples = {role.name: samples(cls.env, role, cls.rows) for role in ROLES}

    def leaks(self, models, probes=(probe_reads, probe_writes)):
        """Return what the probe finds in some models, up to the first role that meets a stranger."""
        table = Table()
        for role in MOST_TELLING_FIRST:
            for probe in probes:
                known = {"samples": self.samples[role.name]} if probe in (probe_writes, probe_own_pages) else {}
                probe(self.as_role(role), role, self.rows, table, only=models, **known)
                if table.found():
                    return table.found()
        return []

    def our_rules(self):
        data = self.env["ir.model.data"].search([("model", "=", "ir.rule"), ("module", "like", "telecom_isolation%")])
        return {entry.complete_name: self.env["ir.rule"].browse(entry.res_id) for entry in data}

    def test_each_record_rule(self):
        rules = self.our_rules()
        self.assertGreater(len(rules), 50)
        for name, rule in rules.items():
            model = rule.model_id.model
            with self.subTest(rule=name), undone(self.env):
                rule.active = False
                self.env.flush_all()
                self.env.registry.clear_cache()
                self.assertTrue(self.leaks({model}), "the probe finds nothing without it")
            self.env.registry.clear_cache()

    def narrowing_rules(self):
        """Return the rules of our own models that take something away from somebody."""
        data = self.env["ir.model.data"].search([("model", "=", "ir.rule"), ("module", "like", "telecom_%")])
        rules = {entry.complete_name: self.env["ir.rule"].browse(entry.res_id) for entry in data}
        return {
            name: rule
            for name, rule in sorted(rules.items())
            if rule.model_id.model.startswith("telecom.")
            and not name.startswith("telecom_isolation")
            and (rule.domain_force or "").replace(" ", "") not in GIVES
        }

    def test_each_rule_of_our_own_models(self):
        rules = self.narrowing_rules()
        self.assertGreater(len(rules), 30)
        turn = date.today().toordinal() % SHARES
        every = os.environ.get("BSS_MUTATIONS") == "all"
        taken = [name for place, name in enumerate(rules) if every or place % SHARES == turn]
        _logger.info("PROBE| rules of our own models taken away in turn: %s of %s", len(taken), len(rules))
        for name in taken:
            rule = rules[name]
            with self.subTest(rule=name), undone(self.env):
                rule.active = False
                self.env.flush_all()
                self.env.registry.clear_cache()
                found = self.leaks({rule.model_id.model}, (probe_reads, probe_writes, probe_own_pages))
                self.assertEqual(bool(found), name not in SECOND_GUARDS, "the probe finds nothing without it")
            self.env.registry.clear_cache()

    def test_with_all_rules_nothing_is_found(self):
        """The leaks of the other tests are those of the rule that is missing."""
        models = {rule.model_id.model for rule in self.our_rules().values()}
        self.assertEqual(self.leaks(models), [])

    def test_each_guard_in_code(self):
        for guard, replacement, looked_at, probe in (
            ((Base, "_telecom_fenced"), lambda self: False, {"res.partner"}, probe_writes),
            ((Base, "_telecom_check_targets"), lambda self, vals_list: None, {"res.partner"}, probe_writes),
            ((Base, "_telecom_defaults"), lambda self: {}, {"res.partner"}, probe_writes),
            ((Base, "onchange"), None, {"telecom.wallet.topup"}, probe_writes),
            ((MailThread, "_telecom_check_people"), lambda self, partner_ids: None, {"res.partner"}, probe_writes),
            ((WebsiteBase, "_can_return_content"), None, {"res.partner", "product.template"}, probe_pictures),
            ((ResPartner, "signup_get_auth_param"), None, {"res.partner"}, probe_calls),
            ((ResCompany, "get_next_batch_payment_communication"), None, {"res.company"}, probe_calls),
        ):
            with self.subTest(guard=guard[1]), patch.object(*guard, replacement or pass_on(*guard)):
                self.assertTrue(self.leaks(looked_at, (probe,)), "the probe finds nothing without it")


def pass_on(of_class, name):
    """What a method does when our addon does not change it: the next class's."""
    return lambda self, *args, **kwargs: getattr(super(of_class, self), name)(*args, **kwargs)
