from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_rating.tools.digits import PREFIX, bare_digits
from odoo.fields import Command

from telecom_switch_bridge.core.class_of_service import DialledPlace, Opening, ServiceClass

from .telecom_service_class import OPEN_DAYS

QUICK_TYPES = {"block_premium": "premium", "block_satellite": "satellite"}


class TelecomServiceClass(models.Model):
    """What helps on the page: the blocks that everybody wants as switches (they are rules like any other), and a box to
    try a number, answered by the code that decides live calls."""

    _inherit = "telecom.service.class"

    block_premium = fields.Boolean(
        string="Block Premium Rate",
        compute="_compute_quick",
        inverse="_inverse_block_premium",
        help="Destinations of the type Premium Rate, wherever they are. Exceptions: rules for a prefix or a number.",
    )
    block_satellite = fields.Boolean(
        string="Block Satellites",
        compute="_compute_quick",
        inverse="_inverse_block_satellite",
        help="Destinations of the type Satellite.",
    )
    blocked_country_ids = fields.Many2many(
        "res.country",
        string="Block Countries",
        compute="_compute_quick",
        inverse="_inverse_blocked_country_ids",
        help="All destinations of these countries.",
    )

    @api.depends("rule_ids.action", "rule_ids.network_type", "rule_ids.country_id", "rule_ids.hours")
    def _compute_quick(self):
        for one in self:
            blocks = one._quick_blocks()
            types = blocks.mapped("network_type")
            for name, network_type in QUICK_TYPES.items():
                one[name] = network_type in types
            one.blocked_country_ids = blocks.country_id

    def _quick_blocks(self):
        """Return the rules that block, always, a country or a network type."""
        return self.rule_ids.filtered(
            lambda rule: rule.action == "block" and rule.hours == "always" and rule.kind in ("country", "network_type")
        )

    def _inverse_block_premium(self):
        self._set_quick_type("block_premium")

    def _inverse_block_satellite(self):
        self._set_quick_type("block_satellite")

    def _set_quick_type(self, name):
        for one in self:
            network_type = QUICK_TYPES[name]
            has = one._quick_blocks().filtered(lambda rule, wanted=network_type: rule.network_type == wanted)
            if one[name] and not has:
                one.rule_ids = [Command.create({"kind": "network_type", "network_type": network_type})]
            elif not one[name]:
                has.unlink()

    def _inverse_blocked_country_ids(self):
        for one in self:
            has, wanted = one._quick_blocks().filtered("country_id"), one.blocked_country_ids
            one.rule_ids = [
                Command.create({"kind": "country", "country_id": country.id}) for country in wanted - has.country_id
            ]
            has.filtered(lambda rule, wanted=wanted: rule.country_id not in wanted).unlink()

    try_number = fields.Char(string="Try a Number", store=False, help="With the country code. It is not kept.")
    try_result = fields.Char(compute="_compute_try_result", string="What This Class Says")

    @api.depends(
        *("try_number", "other_calls", "open_days", "open_from", "open_to", "tz"),
        *(f"rule_ids.{name}" for name in ("action", "hours", "kind", "digits", "destination_id", "group_id")),
        *("rule_ids.country_id", "rule_ids.network_type"),
    )
    def _compute_try_result(self):
        for one in self:
            number = bare_digits(one.try_number)
            if not number:
                one.try_result = False
            elif not PREFIX.fullmatch(number):
                one.try_result = self.env._("%s is no number: write + and the country code first.", one.try_number)
            else:
                one.try_result = one._told(number)

    def _told(self, number):
        """Return what the class says of a number now, and by which rule."""
        at = fields.Datetime.now().replace(tzinfo=UTC)
        rules = list(self.rule_ids)  # new ones have no number yet: they are told apart by their place
        judged = self._as_core(rules).judge(number, self._places(number), at)
        said = self.env._("Allowed") if judged.allows else self.env._("Blocked")
        if judged.rule is None:
            return self.env._("%s: no rule is about it", said)
        return self.env._("%(said)s by the rule: %(rule)s", said=said, rule=rules[judged.rule.rule_id].display_name)

    @api.model
    def _places(self, number):
        """Return the destinations of a number as the switch sees them, longest prefix first."""
        # sudo: destinations are the same for all, and people outside do not read the owner's list of prefixes
        destinations = self.env["telecom.destination"].sudo()._by_number(number)
        return [
            DialledPlace(
                destination.id,
                destination.group_id.id,
                destination.country_id.code or None,
                destination.network_type,
                max(len(one.prefix) for one in destination.prefix_ids if number.startswith(one.prefix)),
            )
            for destination in destinations
        ]

    def _as_core(self, rules):
        """Return the class as the switch reads it, its rules numbered by their place."""
        opening = Opening(
            self.tz or "UTC",
            OPEN_DAYS[self.open_days or "week"],
            round(self.open_from * 3600),
            round(self.open_to * 3600),
        )
        core_rules = tuple(rule._as_core(place) for place, rule in enumerate(rules) if rule._is_whole())
        return ServiceClass(0, self.name or "", self.other_calls != "block", opening, core_rules)
