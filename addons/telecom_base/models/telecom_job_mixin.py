import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from ..tools.refused import FileRefusedError
from ..tools.sql import run_sql_file

_logger = logging.getLogger(__name__)

COPIED = {"copy": False, "readonly": True}


class TelecomJobMixin(models.AbstractModel):
    """Long work: the record's state says what is to be done, a scheduled action of Odoo does it.

    One at a time, each in one transaction with the state that follows. Whatever ends the server in between leaves the
    state as it was, and the action finds it again; nothing has to be put together, since nothing was half done.

    A model that inherits it has a `state`, names its scheduled action (which runs `model._run_queued()`) and the states
    of running work, and does the work in `_work`.
    """

    _name = "telecom.job.mixin"
    _description = "Long Work"

    _job_action = None
    """External id of the scheduled action."""
    _job_back = {}
    """State of running work: the state that it goes back to when it fails."""

    message = fields.Text(help="Why it failed.", **COPIED)
    job_user_id = fields.Many2one("res.users", string="Asked By", ondelete="restrict", **COPIED)
    percent = fields.Integer(string="Done (%)", compute="_compute_percent")
    step = fields.Char(compute="_compute_percent")

    def init(self):
        if self._abstract:  # once, not for each model that inherits it
            run_sql_file(self.env.cr, "telecom_base", "10_job_progress.sql")

    def _work(self, state, tell):
        """Do what `state` asks for and write the state that follows, by the rights of who pressed the button.

        `tell(percent, step)` shows on the page how far it is. UserError, ValidationError and FileRefusedError go back
        to the state before, and are shown.
        """
        raise NotImplementedError

    def _start_job(self, state):
        """Let the scheduled action do what `state` asks for, in the name of the user."""
        self.write({"state": state, "message": False, "job_user_id": self.env.uid})
        self._note_progress(0, self.env._("Waiting for its turn"))
        self.env.ref(self._job_action).sudo()._trigger()

    @api.model
    def _run_queued(self):
        """The scheduled action: what waits, in the order in which it was made."""
        for one in self.search([("state", "in", list(self._job_back))], order="id"):
            one._run_one()
            self.env["ir.cron"]._commit_progress(1)

    def _run_one(self):
        """Do what the state asks for; what fails is said on the page."""
        state = self.state
        try:
            with self.env.cr.savepoint():
                self._note_progress(1, self.env._("Begun"))
                self.with_user(self.job_user_id)._work(state, self._note_progress)
        except (SerializationFailure, DeadlockDetected):
            raise  # somebody changed the same rows meanwhile: the action begins again, from its last commit
        except (UserError, ValidationError, FileRefusedError) as error:
            self._after_failure(state, str(error))
        except Exception:  # whatever it is, what waits behind it must not wait for ever
            if self.env.cr.closed:
                raise  # the database is gone, and with it what was done: the action begins again when it is back
            _logger.exception("action=job_failed model=%s id=%s state=%s", self._name, self.id, state)
            words = self.env._("It failed, and nothing was changed; the server's log says why. Tell the administrator.")
            self._after_failure(state, words)

    def _after_failure(self, state, words):
        self.write({"state": self._job_back[state], "message": words})

    def _note_progress(self, percent, step):
        """Tell the pages how far the job is: by a connection of its own, for its transaction is not over."""
        with self.env.registry.cursor() as cr:
            cr.execute("set local synchronous_commit = off")  # nothing waits for the disk: no crash makes it missed
            cr.execute(
                """
                insert into telecom_job_progress (model, record_id, percent, step) values (%s, %s, %s, %s)
                on conflict (model, record_id)
                do update set percent = excluded.percent, step = excluded.step, at = clock_timestamp()
                """,
                [self._name, self.id, percent, step],
            )

    @api.depends("state")
    def _compute_percent(self):
        self.env.cr.execute(
            "select record_id, percent, step from telecom_job_progress where model = %s and record_id = any (%s)",
            [self._name, self.ids],
        )
        found = {record_id: (percent, step) for record_id, percent, step in self.env.cr.fetchall()}
        for one in self:
            one.percent, one.step = found.get(one.id, (0, False)) if one.state in self._job_back else (0, False)
