"""Every role tries every model of the registry; the table of what was tried is printed at the end."""

import logging

from odoo.addons.test_telecom.tests.test_isolation import SHARED
from odoo.tests import TransactionCase, tagged

from ..probe.arguments import probe_arguments
from ..probe.calls import probe_calls, probe_pictures, probe_reports
from ..probe.parties import ROLES
from ..probe.reads import models_of, probe_reads
from ..probe.writes import probe_writes
from .common import ProbeMixin

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestProbe(ProbeMixin, TransactionCase):
    def test_nobody_meets_a_stranger(self):
        for role in ROLES:
            for probe in (probe_reads, probe_writes, probe_calls, probe_arguments, probe_pictures, probe_reports):
                probe(self.as_role(role), role, self.rows, self.table)
        for line in self.table.lines(ROLES):
            _logger.info("PROBE| %s", line)
        for (surface, role), models in self.table.untested.items():
            _logger.info("PROBE| untested: %s as %s: %s", surface, role, ", ".join(sorted(models)))
        self.assertEqual(self.table.found(), [])
        for name in ("owner's accountant", "reseller's employee"):
            for surface in ("point at, write", "point at, create", "give away"):
                self.assertGreater(self.table.tries[surface, name], 9, f"{name}, {surface}: too little was tried")
        for role in filter(lambda role: role.strangers, ROLES):  # to the administrator of all tenants nobody is one
            self.assertGreater(self.table.tries["call a method with strangers", role.name], 300, role.name)

    def test_every_model_of_ours_has_rows(self):
        """Of Odoo's models those without rows are named as untested; ours have no excuse."""
        without = set(self.rows.untested_models())
        _logger.info("PROBE| models without rows, so untested: %s", ", ".join(sorted(without)))
        ours = {name for name in without if name.startswith("telecom.")}
        self.assertEqual(ours - set(SHARED), set())

    def test_everybody_finds_their_own(self):
        """A probe of people who see nothing at all would find no leak either."""
        for role in ROLES:
            env = self.as_role(role)
            seen = {}
            for model in models_of(env, {"res.partner", "account.move", "telecom.wallet", "telecom.phone"}):
                own = self.rows.of_own(role, model._name)
                seen[model._name] = bool(model.has_access("read") and set(model.search([]).ids) & own)
            with self.subTest(role=role.name):
                self.assertTrue(any(seen.values()) or "base.group_public" in role.groups, seen)
