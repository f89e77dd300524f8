from dataclasses import dataclass

from odoo import api, fields, models
from odoo.addons.telecom_rating.tools.digits import leading_parts
from odoo.exceptions import UserError

from ..tools.world import WorldDestination, world_destinations

NO_COUNTRY_GROUP = "International Networks"
NAMES = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}  # no countries of ISO 3166
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Addition:
    """What would be added: prefixes of a destination, which is there already (a record) or not."""

    world: WorldDestination
    record: models.Model
    prefixes: tuple[str, ...]


class TelecomWorldLoad(models.TransientModel):
    """Adds the destinations of countries by kind of network. What is there stays as it is."""

    _name = "telecom.world.load"
    _description = "Load the World's Destinations"

    country_ids = fields.Many2many("res.country", string="Countries", help="Empty: all, and the codes of no country.")
    kind = fields.Selection(
        [("all", "All kinds of networks"), ("common", "Fixed and mobile networks only")], default="all", required=True
    )
    below_own = fields.Boolean(
        string="Also Below Own Prefixes",
        help="Prefixes that lie inside of one of your own destinations are left out, since calls to them would count as"
        " another destination. Tick to add them too.",
    )
    new_count = fields.Integer(compute="_compute_preview", string="New Destinations")
    changed_count = fields.Integer(compute="_compute_preview", string="Destinations with New Prefixes")
    prefix_count = fields.Integer(compute="_compute_preview", string="New Prefixes")
    kept_count = fields.Integer(
        compute="_compute_preview", string="Prefixes Left to Own Destinations", help="They are yours and stay so."
    )
    preview = fields.Text(compute="_compute_preview", string="What Is Added")

    @api.depends("country_ids", "kind", "below_own")
    def _compute_preview(self):
        for wizard in self:
            additions, kept = wizard._prepare_additions()
            lines = [
                f"{'' if one.record else '+ '}{wizard._name_of(one.world)}: {' '.join(one.prefixes)}"
                for one in additions[:SHOWN]
            ]
            if len(additions) > SHOWN:
                lines.append(self.env._("... and %s more destinations", len(additions) - SHOWN))
            wizard.new_count = sum(not one.record for one in additions)
            wizard.changed_count = sum(bool(one.record) for one in additions)
            wizard.prefix_count = sum(len(one.prefixes) for one in additions)
            wizard.kept_count = kept
            wizard.preview = "\n".join(lines) or self.env._("Nothing: all of it is there.")

    def action_load(self):
        """Add what the preview shows and open the destinations."""
        self.ensure_one()
        self.env["telecom.destination"].check_access("create")
        additions, _kept = self._prepare_additions()
        if not additions:
            raise UserError(self.env._("All destinations of this choice are there already. Nothing was changed."))
        self._add(additions)
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_destination")
        return {**action, "target": "main"}

    def _wanted(self):
        """Return the destinations of the chosen countries and kinds."""
        codes = set(self.country_ids.mapped("code"))
        return [
            one
            for one in world_destinations()
            if (not codes or one.country in codes) and (self.kind == "all" or one.kind in ("fixed", "mobile"))
        ]

    def _prepare_additions(self):
        """Return the additions, and how many prefixes are left to destinations of the owner's own."""
        rows = self.env["telecom.destination.prefix"].search_fetch([], ["prefix", "destination_id"])
        taken = {row.prefix: row.destination_id for row in rows}
        own = {prefix for prefix, destination in taken.items() if not destination.world_key}
        records = {one.world_key: one for one in self.env["telecom.destination"].search([("world_key", "!=", False)])}
        additions, kept = [], 0
        for world in self._wanted():
            record = records.get(world.key, self.env["telecom.destination"])
            before = set((record.world_prefixes or "").split())
            fresh = [prefix for prefix in world.prefixes if prefix not in before]
            free = [prefix for prefix in fresh if prefix not in taken and not self._is_below(prefix, world, own)]
            kept += len(fresh) - len(free)
            if free:
                additions.append(Addition(world, record, tuple(free)))
        return additions, kept

    def _is_below(self, prefix, world, own):
        """Return whether a prefix lies inside of one of the owner's own that is longer than the country code."""
        parts = leading_parts(prefix)[1 : -len(world.country_code)]
        return not self.below_own and any(part in own for part in parts)

    def _add(self, additions):
        """Create destinations and prefixes, all of them in one go."""
        new = [one for one in additions if not one.record]
        groups = self._groups(new)
        taken = set(self.env["telecom.destination"].search_fetch([], ["name"]).mapped("name"))
        values = [self._values(one.world, groups, taken) for one in new]
        made = dict(zip((one.world.key for one in new), self.env["telecom.destination"].create(values), strict=True))
        prefixes = []
        for one in additions:
            record = one.record or made[one.world.key]
            prefixes += [{"prefix": prefix, "destination_id": record.id} for prefix in one.prefixes]
            record.world_prefixes = " ".join(sorted({*(record.world_prefixes or "").split(), *one.prefixes}))
        self.env["telecom.destination.prefix"].create(prefixes)

    def _groups(self, additions):
        """Return the group of each country's name, making those that are missing."""
        names = {self._country_name(one.world) or NO_COUNTRY_GROUP for one in additions}
        known = self.env["telecom.destination.group"].search([("name", "in", list(names))])
        missing = names - set(known.mapped("name"))
        known += self.env["telecom.destination.group"].create([{"name": name} for name in sorted(missing)])
        return {group.name: group for group in known}

    def _values(self, world, groups, taken):
        """Return the values of a new destination; `taken` are names, to which its own is added."""
        name = self._name_of(world)
        if name in taken:
            name = f"{name} (+{world.country_code})"
        taken.add(name)
        return {
            "name": name,
            "group_id": groups[self._country_name(world) or NO_COUNTRY_GROUP].id,
            "network_type": world.kind,
            "country_id": self._countries().get(world.country),
            "world_key": world.key,
        }

    def _name_of(self, world):
        if not world.country:
            return world.name
        kinds = dict(self.env["telecom.destination"]._fields["network_type"]._description_selection(self.env))
        return f"{self._country_name(world)} {kinds[world.kind]}"

    def _country_name(self, world):
        """Return the name of a destination's country, nothing for codes of no country."""
        if not world.country:
            return ""
        country = self.env["res.country"].browse(self._countries().get(world.country))
        return country.name or NAMES.get(world.country, world.country)

    def _countries(self):
        """Return country ids by code."""
        return {country.code: country.id for country in self.env["res.country"].search_fetch([], ["code", "name"])}
