from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_HOLIDAYS = 1_000  # as core.tariff.MAX_DATES


class TelecomHolidayCalendar(models.Model):
    """Days on which other prices may hold: the holidays of a country or region, or days of the tenant's own."""

    _name = "telecom.holiday.calendar"
    _description = "Holiday Calendar"
    _order = "company_id, name"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    country_id = fields.Many2one("res.country", ondelete="restrict", help="Whose holidays can be brought in.")
    holiday_ids = fields.One2many("telecom.holiday", "calendar_id", string="Holidays", copy=True)
    holiday_count = fields.Integer(compute="_compute_holiday_count", string="Number of Holidays")
    last_date = fields.Date(
        compute="_compute_holiday_count", help="After the last dated holiday prices by holiday end: bring more in."
    )

    _name_unique = models.Constraint(
        "UNIQUE (company_id, name)", "This provider has a holiday calendar of this name already."
    )

    @api.depends("holiday_ids.date", "holiday_ids.every_year")
    def _compute_holiday_count(self):
        for calendar in self:
            calendar.holiday_count = len(calendar.holiday_ids)
            dated = calendar.holiday_ids.filtered(lambda day: day.date and not day.every_year)
            calendar.last_date = max(dated.mapped("date"), default=False)

    def write(self, vals):
        if "company_id" in vals and any(calendar.company_id.id != vals["company_id"] for calendar in self):
            raise ValidationError(
                self.env._("A holiday calendar stays with its provider. Make one in the other company.")
            )
        return super().write(vals)

    def action_import(self):
        """Ask which holidays to bring in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_holiday_import")
        return {**action, "context": {"default_calendar_id": self.id, "default_country_id": self.country_id.id}}

    def _dates(self):
        """Return the days as (year, month, day), year 0 for every year: sorted, each once."""
        days = {(0 if day.every_year else day.date.year, day.date.month, day.date.day) for day in self.holiday_ids}
        return tuple(sorted(days))


class TelecomHoliday(models.Model):
    """A day of a holiday calendar, from midnight to midnight of the plan's time zone."""

    _name = "telecom.holiday"
    _description = "Holiday"
    _order = "date, id"

    calendar_id = fields.Many2one("telecom.holiday.calendar", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="calendar_id.company_id", store=True, index=True)
    date = fields.Date(required=True)
    name = fields.Char(required=True)
    every_year = fields.Boolean(help="The same day and month of every year; the year of the date does not count.")

    _date_unique = models.Constraint("UNIQUE (calendar_id, date)", "This day is in the calendar already.")

    @api.constrains("calendar_id")
    def _check_count(self):
        for calendar in self.calendar_id:
            if len(calendar.holiday_ids) > MAX_HOLIDAYS:
                raise ValidationError(
                    self.env._(
                        "%(calendar)s has %(count)s holidays; at most %(most)s can be priced. Delete past ones.",
                        calendar=calendar.name,
                        count=len(calendar.holiday_ids),
                        most=MAX_HOLIDAYS,
                    )
                )
