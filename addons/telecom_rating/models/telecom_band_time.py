from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .telecom_band_set import DAYS

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
HOUR_S = 3600


class TelecomBandTime(models.Model):
    """When a band holds: hours of some weekdays, or of the days of a holiday calendar, by the plan's clock."""

    _name = "telecom.band.time"
    _description = "Time of a Band"
    _order = "band_id, id"

    band_id = fields.Many2one("telecom.band", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="band_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("weekdays", "Weekdays"), ("holidays", "Holidays")], string="On", required=True, default="weekdays"
    )
    mon = fields.Boolean(default=True)
    tue = fields.Boolean(default=True)
    wed = fields.Boolean(default=True)
    thu = fields.Boolean(default=True)
    fri = fields.Boolean(default=True)
    sat = fields.Boolean()
    sun = fields.Boolean()
    calendar_id = fields.Many2one(
        "telecom.holiday.calendar",
        string="Holiday Calendar",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
    )
    from_hour = fields.Float(string="From", default=0.0, required=True)
    to_hour = fields.Float(string="To", default=24.0, required=True, help="24:00 is the end of the day.")

    _hours_order = models.Constraint(
        "CHECK (from_hour >= 0 AND from_hour < to_hour AND to_hour <= 24)",
        "A time begins before it ends, on one day. Over midnight give two: 20:00 to 24:00, and 00:00 to 08:00.",
    )
    _some_day = models.Constraint(
        "CHECK (kind <> 'weekdays' OR mon OR tue OR wed OR thu OR fri OR sat OR sun)",
        "A time of weekdays needs at least one weekday.",
    )
    _some_calendar = models.Constraint(
        "CHECK (kind <> 'holidays' OR calendar_id IS NOT NULL)", "Choose the calendar of the holidays."
    )

    @api.depends("kind", *DAYS, "calendar_id.name", "from_hour", "to_hour")
    def _compute_display_name(self):
        for time in self:
            on = time.calendar_id.name if time.kind == "holidays" else time._day_names()
            time.display_name = f"{on or ''} {_clock(time.from_hour)}-{_clock(time.to_hour)}"

    @api.constrains("band_id")
    def _check_count(self):
        self.band_id.set_id._check_times()

    @api.constrains("from_hour", "to_hour")
    def _check_minutes(self):
        """Prices change on whole minutes."""
        for time in self:
            for hour in (time.from_hour, time.to_hour):
                if abs(hour * 60 - round(hour * 60)) > 0.01:  # an hour as decimals: 8.333 is 8:20
                    raise ValidationError(self.env._("A time begins and ends on a whole minute, not at %s.", hour))

    @api.constrains("calendar_id", "band_id")
    def _check_calendar(self):
        """Refuse a calendar of another tenant."""
        for time in self:
            if time.calendar_id and time.calendar_id.company_id != time.company_id:
                raise ValidationError(
                    self.env._("The holiday calendar of band %s must be one of the same provider.", time.band_id.name)
                )

    def _hours(self):
        """Return band id, name, ISO weekdays, first second and end of the day, dates (None: all)."""
        clock = [second_of(self.from_hour), second_of(self.to_hour)]
        band = [self.band_id._origin.id or None, self.band_id.name or ""]
        if self.kind == "holidays":
            return [*band, list(EVERY_DAY), *clock, [list(day) for day in self.calendar_id._dates()]]
        days = [number for number, name in enumerate(DAYS, 1) if self[name]]
        return [*band, days or list(EVERY_DAY), *clock, None]

    def _day_names(self):
        """Return the weekdays in words, a run of three or more by its ends."""
        names = [self._fields[name].get_description(self.env, ["string"])["string"] for name in DAYS]
        held = [number for number, name in enumerate(DAYS) if self[name]]
        if len(held) > 2 and held == list(range(held[0], held[-1] + 1)):
            return f"{names[held[0]]}-{names[held[-1]]}"
        return " ".join(names[number] for number in held)


def second_of(hour):
    """Return the second of the day of an hour with decimals, at a whole minute."""
    return round(hour * 60) * 60


def _clock(hour):
    return f"{second_of(hour) // HOUR_S:02d}:{second_of(hour) % HOUR_S // 60:02d}"
