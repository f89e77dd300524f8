from odoo import api, fields, models

from ..tools.digits import PREFIX, bare_digits, leading_parts, split_prefixes


class TelecomDestination(models.Model):
    """Where a call goes, as prices know it: a set of prefixes. The owner's, shared by all tenants."""

    _name = "telecom.destination"
    _description = "Destination"
    _order = "name"

    name = fields.Char(required=True)
    group_id = fields.Many2one(
        "telecom.destination.group",
        required=True,
        ondelete="restrict",
        index=True,
        help="Plans may give one price to the whole group.",
    )
    network_type = fields.Selection(
        [
            ("fixed", "Fixed"),
            ("mobile", "Mobile"),
            ("premium", "Premium Rate"),
            ("freephone", "Freephone"),
            ("shared", "Shared Cost"),
            ("personal", "Personal Number"),
            ("voip", "Internet Telephony"),
            ("satellite", "Satellite"),
            ("other", "Other"),
        ],
        required=True,
        default="fixed",
    )
    country_id = fields.Many2one("res.country", ondelete="restrict", help="Empty for satellites and the like.")
    tag_ids = fields.Many2many("telecom.destination.tag", string="Tags", groups="telecom_base.group_staff")
    prefix_ids = fields.One2many("telecom.destination.prefix", "destination_id")
    prefixes = fields.Text(
        compute="_compute_prefixes",
        inverse="_inverse_prefixes",
        help="First digits of the numbers, with the country code and without + or 00, separated by spaces or commas:"
        " 441 442 443. The longest prefix that a number begins with decides.",
    )
    number = fields.Char(
        compute="_compute_number",
        search="_search_number",
        help="Finds the destination of a number: its longest prefix.",
    )

    _name_unique = models.Constraint("UNIQUE (name)", "There is a destination of this name already.")

    @api.depends("prefix_ids.prefix")
    def _compute_prefixes(self):
        for destination in self:
            destination.prefixes = " ".join(sorted(destination.prefix_ids.mapped("prefix")))

    def _inverse_prefixes(self):
        for destination in self:
            wanted = split_prefixes(destination.prefixes)
            old = {prefix.prefix: prefix for prefix in destination.prefix_ids}
            gone = [prefix.id for text, prefix in old.items() if text not in wanted]
            self.env["telecom.destination.prefix"].browse(gone).unlink()
            self.env["telecom.destination.prefix"].create(
                [{"prefix": text, "destination_id": destination.id} for text in wanted if text not in old]
            )
        self.invalidate_recordset(["prefixes"])  # show them as they were understood

    @api.depends("prefix_ids.prefix")
    def _compute_number(self):
        """Only searched for."""
        self.number = False

    @api.model
    def _search_number(self, operator, value):
        if operator not in ("=", "ilike", "like", "in"):
            return NotImplemented
        texts = value if operator == "in" else [value]
        found = self.browse()
        for text in texts:
            found |= self._by_number(bare_digits(text))[:1]
        return [("id", "in", found.ids)]

    @api.model
    def _by_number(self, e164):
        """Return the destinations whose prefixes the number has, longest prefix first; none if it is no number."""
        if not PREFIX.fullmatch(e164):
            return self.browse()
        prefixes = self.env["telecom.destination.prefix"].search([("prefix", "in", leading_parts(e164))])
        return prefixes.sorted(lambda prefix: -len(prefix.prefix)).destination_id
