import holidays
from odoo import api, fields, models
from odoo.exceptions import UserError

MOST_YEARS = 10


class TelecomHolidayImport(models.TransientModel):
    """Brings the public holidays of a country or region into a calendar; days that are there already stay."""

    _name = "telecom.holiday.import"
    _description = "Import of Holidays"

    calendar_id = fields.Many2one("telecom.holiday.calendar", required=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", required=True)
    region = fields.Char(
        help="Short name of a state or region, as BY for Bavaria or SCT for Scotland; empty: whole country."
    )
    regions = fields.Char(compute="_compute_regions", help="What can be typed there.")
    first_year = fields.Integer(required=True, default=lambda self: fields.Date.today().year)
    last_year = fields.Integer(required=True, default=lambda self: fields.Date.today().year + 3)
    preview = fields.Text(compute="_compute_preview", string="New Days")

    @api.depends("country_id")
    def _compute_regions(self):
        known = holidays.list_supported_countries()
        for wizard in self:
            wizard.regions = ", ".join(known.get(wizard.country_id.code, []))

    @api.depends("calendar_id", "country_id", "region", "first_year", "last_year")
    def _compute_preview(self):
        for wizard in self:
            try:
                days = wizard._new_days() if wizard.country_id and wizard.calendar_id else {}
            except UserError as error:
                wizard.preview = str(error)
                continue
            wizard.preview = "\n".join(f"{day} {name}" for day, name in sorted(days.items()))

    def _new_days(self):
        """Return date -> name of the holidays that the calendar does not have. Raises UserError."""
        self._check_years()
        code, region = self.country_id.code, (self.region or "").strip().upper() or None
        known = holidays.list_supported_countries()
        if code not in known:
            raise UserError(
                self.env._("Holidays of %s are not known here: add the days by hand.", self.country_id.name)
            )
        regions = {one.upper(): one for one in known[code]}
        if region and region not in regions:
            raise UserError(
                self.env._(
                    "%(country)s has no region %(region)s: use one of %(known)s.",
                    country=self.country_id.name,
                    region=region,
                    known=", ".join(known[code]) or self.env._("none"),
                )
            )
        years = range(self.first_year, self.last_year + 1)
        found = holidays.country_holidays(code, subdiv=regions.get(region), years=years, language="en_US")
        there = set(self.calendar_id.holiday_ids.filtered(lambda day: not day.every_year).mapped("date"))
        return {day: name for day, name in found.items() if day not in there}

    def _check_years(self):
        this_year = fields.Date.today().year
        if not this_year - 1 <= self.first_year <= self.last_year <= this_year + MOST_YEARS:
            raise UserError(
                self.env._(
                    "Give years from %(first)s to %(last)s, the first not after the last.",
                    first=this_year - 1,
                    last=this_year + MOST_YEARS,
                )
            )

    def action_import(self):
        """Add the days that are not there."""
        self.ensure_one()
        values = [
            {"calendar_id": self.calendar_id.id, "date": day, "name": name}
            for day, name in sorted(self._new_days().items())
        ]
        self.env["telecom.holiday"].create(values)
        if not self.calendar_id.country_id:
            self.calendar_id.country_id = self.country_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}
