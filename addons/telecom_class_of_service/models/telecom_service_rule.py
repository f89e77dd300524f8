from odoo import api, fields, models
from odoo.addons.telecom_rating.tools.digits import PREFIX, bare_digits
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.class_of_service import ServiceRule

TARGET_FIELDS = {
    "number": "digits",
    "prefix": "digits",
    "destination": "destination_id",
    "group": "group_id",
    "country": "country_id",
    "network_type": "network_type",
}
"""What a rule is about, by its kind."""


class TelecomServiceRule(models.Model):
    """One thing that a class of service allows or blocks. The rule that fits a number most closely decides: the number
    itself, then the longest prefix or destination, then groups, countries and network types, of which a block wins."""

    _name = "telecom.service.rule"
    _description = "Rule of a Class of Service"
    _order = "class_id, kind, digits, id"

    class_id = fields.Many2one(
        "telecom.service.class", string="Class of Service", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="class_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="class_id.partner_id", store=True, index=True, string="Customer")
    action = fields.Selection([("block", "Block"), ("allow", "Allow")], required=True, default="block")
    kind = fields.Selection(
        [
            ("number", "A single number"),
            ("prefix", "Numbers that begin with"),
            ("destination", "A destination"),
            ("group", "A destination group"),
            ("country", "A country"),
            ("network_type", "A type of network"),
        ],
        string="Calls To",
        required=True,
        default="number",
    )
    digits = fields.Char(
        string="Number",
        help="With the country code: +44 20 7946 0000, or the first digits of the numbers. Spaces and + are removed.",
    )
    destination_id = fields.Many2one("telecom.destination", ondelete="cascade", index="btree_not_null")
    group_id = fields.Many2one(
        "telecom.destination.group", string="Destination Group", ondelete="cascade", index="btree_not_null"
    )
    country_id = fields.Many2one("res.country", ondelete="cascade")
    network_type = fields.Selection(lambda self: self.env["telecom.destination"]._fields["network_type"].selection)
    hours = fields.Selection(
        [("always", "Always"), ("open", "In opening hours"), ("closed", "Outside of opening hours")],
        string="When",
        required=True,
        default="always",
        help="Opening hours are those of the class.",
    )

    _target_filled = models.Constraint(
        "CHECK ((kind IN ('number', 'prefix')) = (digits IS NOT NULL)"
        " AND (kind = 'destination') = (destination_id IS NOT NULL) AND (kind = 'group') = (group_id IS NOT NULL)"
        " AND (kind = 'country') = (country_id IS NOT NULL) AND (kind = 'network_type') = (network_type IS NOT NULL))",
        "Fill in what the rule is about: a number, a destination, a group, a country or a type of network.",
    )
    _target_unique = models.UniqueIndex(
        "(class_id, kind, COALESCE(digits, ''), COALESCE(destination_id, 0), COALESCE(group_id, 0),"
        " COALESCE(country_id, 0), COALESCE(network_type, ''), hours)",
        "The class has a rule about this already: change that one.",
    )

    @api.depends("kind", "digits", "destination_id", "group_id", "country_id", "network_type")
    @api.depends_context("lang")
    def _compute_display_name(self):
        types = dict(self.env["telecom.destination"]._fields["network_type"]._description_selection(self.env))
        for rule in self:
            names = {
                "number": f"+{bare_digits(rule.digits)}",
                "prefix": self.env._("+%s and so on", bare_digits(rule.digits)),
                "destination": rule.destination_id.name,
                "group": self.env._("Group %s", rule.group_id.name),
                "country": rule.country_id.name,
                "network_type": types.get(rule.network_type),
            }
            rule.display_name = names.get(rule.kind) or ""

    @api.constrains("kind", "digits")
    def _check_digits(self):
        for rule in self:
            if rule.kind in ("number", "prefix") and not PREFIX.fullmatch(rule.digits or ""):
                raise ValidationError(
                    self.env._(
                        "%s is no number: write + and the country code first, +44 20 7946 0000, at most 15 digits.",
                        rule.digits or self.env._("Nothing"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._only_target(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._only_target(vals))

    @api.model
    def _only_target(self, vals):
        """Return the values with bare digits and, when the kind is among them, nothing of other kinds."""
        if vals.get("digits"):
            vals = {**vals, "digits": bare_digits(vals["digits"])}
        if vals.get("kind") not in TARGET_FIELDS:
            return vals
        return {**vals, **dict.fromkeys(set(TARGET_FIELDS.values()) - {TARGET_FIELDS[vals["kind"]]})}

    def _target_field(self):
        return TARGET_FIELDS[self.kind]

    def _is_whole(self):
        """Return whether what the rule is about is filled in already."""
        return bool(self.kind and self[self._target_field()])

    def _as_core(self, place):
        """Return the rule as the switch reads it."""
        return ServiceRule(
            place,
            self.action == "allow",
            self.hours or "always",
            self.kind,
            bare_digits(self.digits) or None,
            self.destination_id._origin.id or None,
            self.group_id._origin.id or None,
            self.country_id.code or None,
            self.network_type or None,
        )
