"""Every route of the routing map, with strangers' ids, as several kinds of people."""

import inspect
import logging

from odoo.addons.test_telecom.tests.worlds import CUSTOMERS
from odoo.tests import HttpCase, tagged

from ..probe.attempt import strangers_in
from ..probe.parties import ROLES
from ..probe.routes import fill, posted, skipped
from .common import ProbeMixin

_logger = logging.getLogger(__name__)
PEOPLE = ("owner's accountant", "reseller admin", "customer admin", "visitor", "reseller's employee")
TARGETS = ("harbour", "farhouse", "island")  # a customer next door, another tenant's office, its customer
WITH_PICTURES = ("res.partner", "res.users", "res.company", "product.template", "product.product", "website")


@tagged("post_install", "-at_install")
class TestRoutes(ProbeMixin, HttpCase):
    def test_no_route_answers_about_strangers(self):
        rules = self.rules()
        for role in ROLES:
            if role.name in PEOPLE:
                self.log_in(role)
                for target in TARGETS:
                    if target in role.strangers:
                        self.try_routes(role, target, rules)
        roles = [role for role in ROLES if role.name in PEOPLE]
        for line in self.table.lines(roles):
            _logger.info("PROBE| %s", line)
        self.assertEqual(self.table.found(), [])

    def test_every_argument_of_our_routes_is_known(self):
        """A route of ours with an argument that the probe cannot fill is a hole in the probe."""
        for rule in self.rules():
            if rule.endpoint.func.__module__.startswith("odoo.addons.telecom"):
                with self.subTest(route=rule.rule):
                    self.assertEqual(fill(rule.rule, lambda model: 1)[1], [])
                    self.assertEqual(skipped(rule.rule), "")

    def rules(self):
        found = {rule.rule: rule for rule in self.env["ir.http"].routing_map().iter_rules()}
        self.assertGreater(len(found), 100)
        return [rule for url, rule in sorted(found.items()) if not skipped(url)]

    def log_in(self, role):
        user = self.users[role.name]
        self.authenticate(*((None, None) if user._is_public() else (user.login, user.login)))

    def try_routes(self, role, target, rules):
        def ids(model):
            held = self.rows.held[target].get(model) or self.rows.of_strangers(role, model)
            return max(held, default=0)

        for rule in rules:
            url, _unknown = fill(rule.rule, ids)
            if rule.endpoint.routing["type"] == "http":
                if not rule.methods or "GET" in rule.methods:
                    self.ask(role, rule.rule, url)
            else:
                names = inspect.signature(rule.endpoint.func).parameters
                self.ask(role, rule.rule, url, {"jsonrpc": "2.0", "method": "call", "params": posted(names, ids)})
        for model in WITH_PICTURES:
            for path in ("image", "content"):
                url = f"/web/{path}?model={model}&id={ids(model)}&field=image_128"
                answer = self.ask(role, "/web/image, /web/content", url)
                name = answer.headers.get("Content-Disposition", "") if answer is not None else ""
                self.note(role, "pictures", url, name)
        self.ask(role, "report", f"/report/html/account.report_invoice/{ids('account.move')}")

    def ask(self, role, route, url, json=None):
        surface = "routes, JSON" if json else "routes, pages"
        try:
            host = {"Host": f"{CUSTOMERS.get(role.party, role.party)}.example"}  # at its provider's website
            answer = self.url_open(url, json=json, headers=host, timeout=20, allow_redirects=False)
        except Exception:  # noqa: BLE001 - no answer in whatever way: nothing came out
            self.table.note(surface, role)
            return None
        finally:
            self.env.invalidate_all()
        self.note(role, surface, route, answer.text + str(answer.headers))
        return answer

    def note(self, role, surface, what, text):
        told = strangers_in(role, text)
        self.table.note(surface, role, f"{what} names {sorted(told)}" if told else None)
