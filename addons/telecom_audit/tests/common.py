from odoo.addons.telecom_rating.tests.common import RatingCase


class TrailCase(RatingCase):
    """The worlds of the rating tests; `trail` gives the lines that something left."""

    def setUp(self):
        super().setUp()
        self.start_again()

    def start_again(self):
        """Forget the lines so far."""
        self.env.flush_all()
        self.env.cr.execute("select coalesce(max(id), 0) from telecom_audit_line")
        (self.since,) = self.env.cr.fetchone()

    def lines(self, **values):
        """Return the lines since the beginning, oldest first, that have these values."""
        self.env.flush_all()
        self.env["telecom.audit.line"].invalidate_model()
        domain = [("id", ">", self.since), *((name, "=", value) for name, value in values.items())]
        return self.env["telecom.audit.line"].search(domain, order="id")

    def told(self, **values):
        """Return (field, before, after) of the lines."""
        return [(line.field, line.old_value, line.new_value) for line in self.lines(**values)]
