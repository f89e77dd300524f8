import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from psycopg2 import Error as DatabaseError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from .telecom_rerate_run import RUNNING

_logger = logging.getLogger(__name__)

BEFORE = {"previewing": "draft", "applying": "previewed", "undoing": "applied"}
CORRECTED_SINCE = "BSS07"


class TelecomRerateRun(models.Model):
    """The work, by a scheduled action: one at a time, each in one transaction with the state that follows.

    Whatever ends the server in between leaves the state as it was, nothing posted, and the action finds it again.
    """

    _inherit = "telecom.rerate.run"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _start_job(self, state):
        self.write({"state": state, "message": False, "job_user_id": self.env.uid})
        self._note_progress(0, self.env._("Waiting for its turn"))
        self.env.ref("telecom_rerate.cron_rerate").sudo()._trigger()

    @api.model
    def _run_queued(self):
        """The job: what waits, in order."""
        for run in self.search([("state", "in", RUNNING)], order="id"):
            run._run_one()
            self.env["ir.cron"]._commit_progress(1)

    def _run_one(self):
        """Do what the state asks for, by the rights of who pressed the button; what fails is said on the page."""
        state, asked = self.state, self.with_user(self.job_user_id)
        work = {
            "previewing": lambda: asked._preview(self._note_progress),
            "applying": lambda: asked._post(undo=False),
            "undoing": lambda: asked._post(undo=True),
        }
        try:
            with self.env.cr.savepoint():
                self._note_progress(1, self.env._("Begun"))
                work[state]()
        except (SerializationFailure, DeadlockDetected):
            raise  # somebody changed the same rows meanwhile: the action begins again, from its last commit
        except (UserError, ValidationError) as error:
            self._after_failure(state, str(error))
        except Exception:  # whatever it is, the next runs must not wait for this one
            if self.env.cr.closed:
                raise  # the database is gone, and with it what was done: the action begins again when it is back
            _logger.exception("action=rerate_failed id=%s state=%s", self.id, state)
            words = self.env._("It failed, and nothing was changed; the server's log says why. Tell the administrator.")
            self._after_failure(state, words)

    def _after_failure(self, state, words):
        self.write({"state": BEFORE[state], "message": words})

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

    def _note_progress(self, percent, step):
        """Tell the pages how far the job is: by a connection of its own, for its transaction is not over."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                insert into telecom_rerate_progress (run_id, percent, step) values (%s, %s, %s)
                on conflict (run_id)
                do update set percent = excluded.percent, step = excluded.step, at = clock_timestamp()
                """,
                [self.id, percent, step],
            )

    @api.depends("state")
    def _compute_percent(self):
        self.env.cr.execute(
            "select run_id, percent, step from telecom_rerate_progress where run_id = any (%s)", [self.ids]
        )
        found = {run_id: (percent, step) for run_id, percent, step in self.env.cr.fetchall()}
        for run in self:
            run.percent, run.step = found.get(run.id, (0, False)) if run.state in RUNNING else (0, False)
