"""Without any one of our rules the probe finds a leak: it looks where the rules guard, and none is idle."""

import logging
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

EVERYBODY = "[(1,'=',1)]"
GIVES = {EVERYBODY, ""}
"""Domains of rules that only give: without them somebody sees less."""
SECOND_GUARDS = {
    # access lines let the owner's staff alone to these, and every row is the owner's
    "telecom_call.rule_carrier_ledger_company",
    "telecom_carrier.rule_carrier_company",
    "telecom_carrier.rule_deck_rate_company",
    "telecom_carrier.rule_route_company",
    "telecom_carrier.rule_route_line_company",
    "telecom_carrier.rule_trunk_company",
    "telecom_carrier_reconcile.rule_statement_column_company",
    "telecom_carrier_reconcile.rule_statement_company",
    "telecom_carrier_reconcile.rule_statement_line_company",
    "telecom_carrier_reconcile.rule_statement_problem_company",
    "telecom_invoice.rule_billing_run_company",
    "telecom_rerate.rule_rerate_cost_line_company",
    "telecom_rerate.rule_rerate_cost_sum_company",
    "telecom_rerate.rule_rerate_run_company",
    "telecom_route_quality.rule_block_company",
    "telecom_route_quality.rule_quality_company",
    "telecom_security.rule_login_failure_admin",
    "telecom_switch.rule_switch_finding_staff",
    "telecom_switch.rule_trunk_state_company",
    "telecom_wallet.rule_wallet_entry_staff",
    # rows of a page, which only their maker knows: the worlds have no strangers'
    "telecom_allowance.rule_allowance_reversal_own",
    "telecom_audit.rule_audit_keep_own",
    "telecom_margin.rule_margin_line_own",
    "telecom_rating.rule_number_test_own",
    "telecom_rating.rule_price_list_line_own",
    "telecom_rating.rule_rate_preview_own",
    "telecom_switch.rule_price_and_route_own",
    "telecom_world.rule_world_load_own",
    # the rule that reads guards too
    "telecom_base.rule_billing_account_write",
    "telecom_pbx.rule_phone_password_company",
}
"""Rules without which nothing comes out, by what guards there besides."""
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

    def is_reached(self, model):
        """Access lines let somebody to the model; to the others nobody outside gets, with or without rules."""
        return any(
            self.as_role(role)[model].has_access(operation)
            for role in ROLES
            for operation in ("read", "write", "create", "unlink")
        )

    def test_each_rule_of_our_own_models(self):
        rules = self.narrowing_rules()
        self.assertGreater(len(rules), 30)
        _logger.info("PROBE| rules of our own models taken away in turn: %s", len(rules))
        for name, rule in rules.items():
            with self.subTest(rule=name), undone(self.env):
                rule.active = False
                self.env.flush_all()
                self.env.registry.clear_cache()
                model = rule.model_id.model
                found = self.leaks({model}, (probe_reads, probe_writes, probe_own_pages))
                is_needed = self.is_reached(model) and name not in SECOND_GUARDS
                self.assertEqual(bool(found), is_needed, "the probe finds nothing without it")
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
