from odoo import fields, models
from odoo.exceptions import UserError
from psycopg2 import Error as DatabaseError

CORRECTED_SINCE = "BSS07"


class TelecomRerateRun(models.Model):
    """The work, by the scheduled action."""

    _inherit = "telecom.rerate.run"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _work(self, state, tell):
        work = {
            "previewing": lambda: self._preview(tell),
            "applying": lambda: self._post(undo=False),
            "undoing": lambda: self._post(undo=True),
        }
        work[state]()

    def _post(self, *, undo):
        """Post the corrections that were compared, or take them back; all at once or nothing."""
        self.ensure_one()
        self.check_access("write")
        verb = "undo" if undo else "apply"
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute("select telecom_call_correct_costs(%s, %s)", [self.id, undo])
                self.env.cr.execute(
                    "select telecom_call_correct(%s, %s, %s, %s, %s)",
                    [self.id, undo, f"rerate:{self.id}:{verb}", self._reference(undo), self.env.uid],
                )
        except DatabaseError as error:
            if error.pgcode != CORRECTED_SINCE:
                raise
            raise UserError(
                self.env._(
                    "Some of these calls were corrected by another re-rating since. Nothing was changed: %s",
                    self.env._("undo that one first.") if undo else self.env._("compare again."),
                )
            ) from error
        self.write({"state": "undone" if undo else "applied", "applied_at": fields.Datetime.now()})

    def _reference(self, undo):
        """Return what customers read beside the entries."""
        return self.env._("Undone: %s", self.name) if undo else self.name
