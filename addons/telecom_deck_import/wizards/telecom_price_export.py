import base64
import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.addons.telecom_base.tools.write_table import KINDS, write_table
from odoo.addons.telecom_rating.tools.digits import leading_parts
from odoo.exceptions import UserError

from ..tools.price_values import MICRO
from ..tools.timeline import Row, segments
from ..tools.verify import COLUMNS, statement_text

FETCHED = 5_000
DECK_HEADERS = ["Prefix", "Destination", "Price per Minute", "Price Unit (s)", "Connection Fee", "First Interval (s)",
                "Next Interval (s)", "Included in Fee (s)", "Valid From", "Valid Until", "Currency"]  # fmt: skip
PLAN_HEADERS = ["Destination", "Destination Group", "Kind", "Price per Minute", "Connection Fee", "First Interval (s)",
                "Next Interval (s)", "Included in Fee (s)", "Mark-up (%)", "Mark-up per Minute",
                "Second Price From (s)", "Second Price", "Minimum Duration (s)", "Minimum Cost", "Grace (s)",
                "Grace Rule", "Maximum Cost", "Maximum Cost Rule", "Valid From", "Valid Until", "Currency"]  # fmt: skip
KIND_WORDS = {"fixed": "price"}


class TelecomPriceExport(models.TransientModel):
    """Prices of a deck or plan, those in force and those to come, as a file that can be imported again."""

    _name = "telecom.price.export"
    _description = "Price Export"
    _inherit = ["telecom.price.target.mixin"]

    kind = fields.Selection(KINDS, string="File", required=True, default="xlsx")
    file = fields.Binary(attachment=True, readonly=True)
    filename = fields.Char(readonly=True)

    @api.model
    def _action_of(self, **context):
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_deck_import.action_price_export")
        return {**action, "context": context}

    def action_export(self):
        """Make the file and give it to the browser."""
        self.ensure_one()
        self.check_access("write")
        self._target().check_access("read")
        model = "telecom.rate" if self.plan_id else "telecom.deck.rate"
        self.env[model].check_access("read")
        try:
            data = write_table(self.kind, self._rows())
        except FileRefusedError as error:
            raise UserError(str(error)) from error
        self.file, self.filename = base64.b64encode(data), self._filename()
        url = f"/web/content?model={self._name}&id={self.id}&field=file&filename_field=filename&download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _filename(self):
        name = re.sub(r"[^\w.-]+", "-", self._target().name).strip("-")
        return f"{name}-{self.direction if self.carrier_id else 'plan'}-{fields.Date.today()}.{self.kind}"

    def _rows(self):
        now = fields.Datetime.now().replace(tzinfo=UTC)
        yield PLAN_HEADERS if self.plan_id else DECK_HEADERS
        line_of = self._plan_line() if self.plan_id else self._deck_line()
        # pylint: disable-next=bad-builtin-groupby  # they are in order, and there are many
        for key, rows in groupby(self._stored(now), key=lambda row: row[0]):
            listed = [Row(row[1], row[2] or _EVER, row[3], row[4:]) for row in rows]
            begins = {row.id: row.starts for row in listed}
            for part in segments(listed, now):
                begin = begins[part.id] if part.starts == now else part.starts
                yield line_of(key, part.terms, _text(begin), _text(part.ends))

    def _stored(self, now):
        """Yield (key, row, starts, ends, terms ...) by key, some thousand at a time."""
        cr = self.env.cr
        cr.execute("drop view if exists pg_temp.price_old")
        values = {
            "carrier_id": self.carrier_id.id,
            "direction": self.direction,
            "plan_id": self.plan_id.id,
            "start": now,
        }
        cr.execute(statement_text("old_plan.sql" if self.plan_id else "old_deck.sql"), values)
        cr.execute(  # pylint: disable=sql-injection
            f"""
            declare price_export no scroll cursor for
            select key, row_id, nullif(starts, '-infinity'), ends, {COLUMNS}
              from price_old order by key collate "C", starts
            """  # noqa: S608  # names of columns, no value from outside
        )
        while True:
            cr.execute(f"fetch {FETCHED} from price_export")  # pylint: disable=sql-injection
            if not (rows := cr.fetchall()):
                break
            yield from rows
        cr.execute("close price_export")
        cr.execute("drop view price_old")  # it would hold the table as long as the connection lives

    def _deck_line(self):
        prefixes = self.env["telecom.destination.prefix"].search_fetch([], ["prefix", "destination_id"])
        names = {one.prefix: one.destination_id.name for one in prefixes}
        currency = self.currency_id.name

        def line_of(key, terms, begin, end):
            fee, price, unit_s, first_s, next_s, included_s, _extra = terms
            name = next((names[part] for part in leading_parts(key) if part in names), None)
            return [key, name, _units(price), unit_s, _units(fee), first_s, next_s, included_s, begin, end, currency]

        return line_of

    def _plan_line(self):
        destinations = {one.id: one.name for one in self.env["telecom.destination"].search_fetch([], ["name"])}
        groups = {one.id: one.name for one in self.env["telecom.destination.group"].search_fetch([], ["name"])}
        currency = self.currency_id.name

        def line_of(key, terms, begin, end):
            fee, price, _unit_s, first_s, next_s, included_s, extra = terms
            name = (destinations if key[0] == "d" else groups)[int(key[1:])]
            where = [name, None] if key[0] == "d" else [None, name]
            method = KIND_WORDS.get(extra["method"], extra["method"])
            amounts = {of: _units(extra[of]) for of in ("percent", "absolute", "second_price", "min_cost", "max_cost")}
            return [*where, method, _units(price), _units(fee), first_s, next_s, included_s, amounts["percent"],
                    amounts["absolute"], extra["second_price_from_s"], amounts["second_price"], extra["min_duration_s"],
                    amounts["min_cost"], extra["grace_s"], extra["grace_mode"], amounts["max_cost"],
                    extra["max_cost_strategy"], begin, end, currency]  # fmt: skip

        return line_of


_EVER = datetime.min.replace(tzinfo=UTC)


def _units(micro):
    return (Decimal(micro) / MICRO).quantize(Decimal("0.000001"))


def _text(instant):
    """An instant in a form that names its zone; None for an open one."""
    if instant is None or instant == _EVER:
        return None
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
