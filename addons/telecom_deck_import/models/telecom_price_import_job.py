import logging

from odoo import api, models
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.exceptions import UserError, ValidationError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from .telecom_price_import import RUNNING

_logger = logging.getLogger(__name__)

BEFORE = {"verifying": "draft", "applying": "verified", "rolling_back": "applied"}


class TelecomPriceImport(models.Model):
    """Big imports: the state says what is to be done, Odoo's own scheduled action does it.

    One at a time, each in one transaction with the state that follows. Whatever ends the server in between leaves the
    state as it was, and the action finds it again; nothing has to be put together, since nothing was half done.
    """

    _inherit = "telecom.price.import"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _start_job(self, state):
        self.write({"state": state, "message": False, "job_user_id": self.env.uid})
        self._note_progress(0, self.env._("Waiting for its turn"))
        self.env.ref("telecom_deck_import.cron_price_imports").sudo()._trigger()

    @api.model
    def _run_queued(self):
        """The job: what waits, in the order of uploads."""
        for one in self.search([("state", "in", RUNNING)], order="id"):
            one._run_one()
            self.env["ir.cron"]._commit_progress(1)

    def _run_one(self):
        """Do what the state asks for, by the rights of who pressed the button; what fails is said on the page."""
        state, asked = self.state, self.with_user(self.job_user_id)
        work = {
            "verifying": lambda: asked._verify(self._note_progress),
            "applying": asked._apply,
            "rolling_back": asked._roll_back,
        }
        try:
            with self.env.cr.savepoint():
                self._note_progress(1, self.env._("Begun"))
                work[state]()
        except (SerializationFailure, DeadlockDetected):
            raise  # somebody changed the same prices meanwhile: the action begins again, from its last commit
        except (UserError, ValidationError, FileRefusedError) as error:
            self._after_failure(state, str(error))
        except Exception:  # whatever it is, the next imports must not wait for this one
            if self.env.cr.closed:
                raise  # the database is gone, and with it what was done: the action begins again when it is back
            _logger.exception("action=price_import_failed id=%s state=%s", self.id, state)
            words = self.env._("It failed, and nothing was changed; the server's log says why. Tell the administrator.")
            self._after_failure(state, words)

    def _after_failure(self, state, words):
        self.write({"state": BEFORE[state], "message": words})

    def _note_progress(self, percent, step):
        """Tell the pages how far the job is: by a connection of its own, for its transaction is not over."""
        with self.env.registry.cursor() as cr:
            cr.execute("set local synchronous_commit = off")  # nothing waits for the disk: no crash makes it missed
            cr.execute(
                """
                insert into telecom_price_progress (import_id, percent, step) values (%s, %s, %s)
                on conflict (import_id)
                do update set percent = excluded.percent, step = excluded.step, at = clock_timestamp()
                """,
                [self.id, percent, step],
            )

    @api.depends("state")
    def _compute_percent(self):
        self.env.cr.execute(
            "select import_id, percent, step from telecom_price_progress where import_id = any (%s)", [self.ids]
        )
        found = {import_id: (percent, step) for import_id, percent, step in self.env.cr.fetchall()}
        for one in self:
            one.percent, one.step = found.get(one.id, (0, False)) if one.state in RUNNING else (0, False)
