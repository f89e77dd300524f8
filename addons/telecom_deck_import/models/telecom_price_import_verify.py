import logging
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.exceptions import UserError

from ..tools.columns import missing
from ..tools.parse import Layout, PriceReader
from ..tools.plan_terms import EXTRA, PlanKeys, extra_of, plain_name
from ..tools.verify import Verification
from .telecom_price_import import REMEMBERED, RUNNING

_logger = logging.getLogger(__name__)

BEGIN_BYTES = 64 * 2**10  # in which lines are counted, to tell about how many there are
AT_ONCE_BYTES = 2 * 2**20  # verified while the person waits (some seconds); bigger files by the job


class TelecomPriceImport(models.Model):
    _inherit = "telecom.price.import"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def action_verify(self):
        """Verify now, or let the job do it when the file is big."""
        for one in self:
            one.check_access("write")
            one._refuse_when((*RUNNING, "applied"), self.env._("It cannot be verified now: it is running or applied."))
            one._refuse_without_columns()
            if one._attachment().file_size > AT_ONCE_BYTES:
                one._start_job("verifying")
            else:
                one._verify()

    def _refuse_without_columns(self):
        if self.state == "failed" and not self.column_ids:
            raise UserError(self.message)
        lacking = missing(self.column_ids.mapped("meaning"), by_name=bool(self.plan_id))
        if lacking:
            raise UserError(
                self.env._(
                    "No column is named as %(lacking)s. The file has: %(headers)s. Set what they mean on the page"
                    " Columns; if the right ones are not there, this is another file.",
                    lacking=", ".join(lacking),
                    headers=", ".join(self.column_ids.mapped("header")) or "none",
                )
            )

    def _verify(self, progress=None):
        """Hold the file against the deck or plan. On refusal nothing of an earlier verification is left."""
        self.ensure_one()
        self.env.flush_all()
        version = self._version()
        start = self._start_of_prices()
        try:
            with self.env.cr.savepoint():
                reader = self._reader(start, progress)
                result = self._verification(reader, start, progress).run()
        except FileRefusedError as error:
            self.write({"state": "failed", "message": str(error)})
            return
        self.env.invalidate_all()
        values = {
            "problem_ids": [
                fields.Command.clear(),
                *(fields.Command.create({"line": line, "reason": reason}) for line, reason in sorted(reader.problems)),
            ],
            "problem_count": reader.problem_count,
            "line_count": reader.lines,
            "price_count": reader.count,
            "ended_count": reader.ended,
            "repeated_count": result.same_twice,
            "verified_for": start.replace(tzinfo=None),
            "verified_version": version,
        }
        if result.counts is None:
            values |= {"state": "problems", "message": self._problem_words(reader)}
        else:
            counts = {f"{name}_count": count for name, count in result.counts.items()}
            values |= {"state": "verified", "message": False, "unchanged_count": result.unchanged, **counts}
            values["verified_until"] = result.edge and result.edge.astimezone(UTC).replace(tzinfo=None)
            self._remember()
        self.write(values)
        _logger.info("action=prices_verified id=%s state=%s lines=%s", self.id, self.state, reader.lines)

    def _problem_words(self, reader):
        if not reader.problem_count:
            return self.env._("No line of the file has a price that still counts. Look at the columns and the dates.")
        return self.env._(
            "%(bad)s of %(all)s lines cannot be used, so nothing was compared. Correct the file or the settings and"
            " verify again.",
            bad=reader.problem_count,
            all=reader.lines,
        )

    def _reader(self, start, progress):
        places = {column.meaning: column.place for column in self.column_ids if column.meaning != "ignore"}
        layout = Layout(
            places=places,
            start=start,
            currency=self.currency_id.name,
            header_line=self.header_line,
            timezone=self.timezone,
            encoding=self.encoding,
            date_order=self.date_order,
            extra=EXTRA if self.plan_id else (),
        )
        data = self._data()
        begin = data[:BEGIN_BYTES]
        of_plan = {"keys_of": self._plan_keys(), "extra_of": extra_of} if self.plan_id else {}
        total = begin.count(b"\n") * len(data) // (len(begin) or 1) if begin[:2] not in (b"PK", b"\xd0\xcf") else 0

        def note(line):
            percent = min(59, 60 * line // total) if total else 0
            progress(percent, self.env._("Reading: line %s", f"{line:,}"))

        return PriceReader(data, layout, **of_plan, progress=note if progress else None)

    def _plan_keys(self):
        destinations = self.env["telecom.destination"].search_fetch([], ["name"])
        groups = self.env["telecom.destination.group"].search_fetch([], ["name"])
        prefixes = self.env["telecom.destination.prefix"].search_fetch([], ["prefix", "destination_id"])
        return PlanKeys(
            {plain_name(one.name): one.id for one in destinations},
            {plain_name(one.name): one.id for one in groups},
            {one.prefix: one.destination_id.id for one in prefixes},
        )

    def _verification(self, reader, start, progress):
        values = {"import_id": self.id, "start": start, "full": self.scope == "full", **self._target_values()}
        if self.plan_id:
            return Verification(self.env.cr, reader, "old_plan.sql", values, progress=progress)
        return Verification(
            self.env.cr,
            reader,
            "old_deck.sql",
            values,
            progress=progress,
            quick_sql=("old_deck_numbers.sql", "old_deck_dates.sql", "old_deck_terms.sql"),
        )

    def _target_values(self):
        return {"carrier_id": self.carrier_id.id, "direction": self.direction, "plan_id": self.plan_id.id}

    def _start_of_prices(self):
        """Return the instant (aware) from which prices count: the one that is set, else the next second."""
        return max(self.start or fields.Datetime.now(), self._next_second()).replace(tzinfo=UTC)

    @api.model
    def _next_second(self):
        """Return the first whole second (naive UTC) of which nothing is over yet."""
        return fields.Datetime.now() + timedelta(seconds=1)

    def _version(self, lock=False):
        """Return how often the deck or plan was changed; with `lock` nobody else applies to it until the commit."""
        self.ensure_one()
        if self.plan_id:
            query, of = "select version from telecom_price_version where target = %s", [f"plan:{self.plan_id.id}"]
        else:
            query = "select version from telecom_deck where carrier_id = %s and direction = %s"
            of = [self.carrier_id.id, self.direction]
        self.env.cr.execute(query + (" for update nowait" if lock else ""), of)
        row = self.env.cr.fetchone()
        return row[0] if row else 0

    def _remember(self):
        """Keep for the next file of this deck or plan how this one was read."""
        target_sudo = self._target().sudo()  # by a list's reading only, whatever else the person may change there
        layout = {
            "columns": {column.header: column.meaning for column in self.column_ids},
            "settings": {name: self[name] for name in REMEMBERED},
        }
        name = self.direction if self.carrier_id else "plan"
        target_sudo.price_layouts = {**(target_sudo.price_layouts or {}), name: layout}
