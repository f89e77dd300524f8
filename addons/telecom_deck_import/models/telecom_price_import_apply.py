import logging
from datetime import UTC

from odoo import models
from odoo.exceptions import UserError
from psycopg2.errors import LockNotAvailable

from ..tools.verify import RESULTS, statement_text
from .telecom_price_import import RUNNING

_logger = logging.getLogger(__name__)

TARGET = ("carrier_id", "plan_id", "direction")
AT_ONCE_CHANGES = 5_000  # applied while the person waits; more by the job


class TelecomPriceImport(models.Model):
    _inherit = "telecom.price.import"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def action_apply(self):
        """Apply now, or let the job do it when there is much to change."""
        for one in self:
            one.check_access("write")
            one._refuse_unless("verified", self.env._("It is not verified: press Verify first."))
            one._do("applying", one._apply)

    def action_roll_back(self):
        """Make the deck or plan again what it was before."""
        for one in self:
            one.check_access("write")
            one._refuse_unless("applied", self.env._("It is not applied, so there is nothing to roll back."))
            one._do("rolling_back", one._roll_back)

    def _do(self, state, work):
        self._refuse_while_another_runs()
        if self._change_count() > AT_ONCE_CHANGES:
            self._start_job(state)
        else:
            work()

    def _change_count(self):
        return sum(self[f"{name}_count"] for name in RESULTS)

    def _refuse_unless(self, state, words):
        if self.state != state:
            raise UserError(self.env._("%(name)s: %(words)s", name=self.name, words=words))

    def _refuse_while_another_runs(self):
        """Two imports never write the same deck at once: the second one is told which to wait for."""
        domain = [("id", "!=", self.id), ("state", "in", RUNNING[1:]), *self._domain_of_target()]
        if other := self.search(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(other)s is being written (%(percent)s %% done). Wait until that is finished, then try again.",
                    other=other.name,
                    percent=other.percent,
                )
            )

    def _locked_version(self):
        """Lock the deck or plan until the commit; return how often it was changed."""
        try:
            with self.env.cr.savepoint():
                return self._version(lock=True)
        except LockNotAvailable as error:
            raise UserError(
                self.env._("Somebody is changing prices of %s right now. Try again in a moment.", self._target().name)
            ) from error

    def _apply(self):
        """Write the changes, all of them or none. Raises UserError when the deck is not what it was compared with."""
        self.ensure_one()
        self.env.flush_all()
        if self._locked_version() != self.verified_version:
            raise UserError(
                self.env._(
                    "Prices of %s have been changed since this file was verified. Verify it again.", self._target().name
                )
            )
        at = max(self.verified_for, self._next_second())
        self._refuse_when_passed(at)
        values = {"import_id": self.id, "at": at.replace(tzinfo=UTC), **self._target_values()}
        self._apply_plan(values) if self.plan_id else self._apply_deck(values)
        self.env.invalidate_all()
        self.write({"state": "applied", "applied_at": at, "applied_version": self._version(), "message": False})
        _logger.info("action=prices_applied id=%s at=%s", self.id, at)

    def _refuse_when_passed(self, at):
        """What was compared for one instant does not hold for a later one when a price begins or ends in between."""
        if at > self.verified_for and self.verified_until and self.verified_until <= at:
            raise UserError(self.env._("A price has begun or ended since this file was verified. Verify it again."))

    def _apply_deck(self, values):
        cr = self.env.cr
        cr.execute(statement_text("deck_apply.sql"), values)
        self._check_written(cr.fetchone()[0], self._touch_count())
        cr.execute(statement_text("deck_insert.sql"), values)

    def _roll_back(self):
        """Take the import's prices out and put back what it ended or took away, exactly; all of it or nothing."""
        self.ensure_one()
        self.env.flush_all()
        self._locked_version()
        self._refuse_when_not_last()
        values = {"import_id": self.id, "at": self.applied_at.replace(tzinfo=UTC), **self._target_values()}
        self._roll_back_plan(values) if self.plan_id else self._roll_back_deck(values)
        self.env.invalidate_all()
        self.write({"state": "rolled_back", "message": False})
        _logger.info("action=prices_rolled_back id=%s", self.id)

    def _roll_back_deck(self, values):
        cr = self.env.cr
        if self._change_count() > AT_ONCE_CHANGES:
            # A deck that has just grown has the statistics of the small one: row by row it would take hours.
            cr.execute("set local enable_nestloop = off")
        cr.execute(statement_text("deck_take_back.sql"), values)
        taken = cr.rowcount
        cr.execute("set local enable_nestloop = on")
        self._check_written(taken, self._change_count() - self.closed_count)
        cr.execute(statement_text("deck_put_back.sql"), values)
        self._check_written(cr.fetchone()[0], self._touch_count())

    def _refuse_when_not_last(self):
        domain = [("state", "=", "applied"), ("applied_version", ">", self.applied_version), *self._domain_of_target()]
        later = self.search(domain, limit=1)
        if later:
            raise UserError(self.env._("%s was applied after it. Roll that one back first.", later.name))

    def _domain_of_target(self):
        return [(name, "=", self[name] if name == "direction" else self[name].id) for name in TARGET]

    def _touch_count(self):
        self.env.cr.execute("select count(*) from telecom_price_replaced where import_id = %s", [self.id])
        return self.env.cr.fetchone()[0]

    def _check_written(self, found, expected):
        """Refuse, and so undo all of it, when somebody has changed what the import wrote or found."""
        if found != expected:
            raise UserError(
                self.env._(
                    "%(count)s prices of %(target)s that this import wrote or ended have been changed by hand since."
                    " Nothing was done. Import the earlier price list instead.",
                    count=expected - found,
                    target=self._target().name,
                )
            )
