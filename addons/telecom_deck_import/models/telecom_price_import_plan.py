from odoo import models
from odoo.addons.telecom_base.tools.amounts import from_micro
from odoo.exceptions import UserError

AMOUNTS = {"connect_fee": "fee_micro", "price": "price_micro"}
SECONDS = {"first_increment_s": "first_s", "next_increment_s": "next_s", "included_s": "included_s"}
EXTRA_AMOUNTS = ("percent", "absolute", "second_price", "min_cost", "max_cost")
EXTRA_OTHERS = ("method", "second_price_from_s", "min_duration_s", "grace_s", "grace_mode", "max_cost_strategy")


class TelecomPriceImport(models.Model):
    _inherit = "telecom.price.import"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _apply_plan(self, values):
        """Rates are written by the ORM, like those of the page, in the name of who asked for it."""
        rates, at = self.env["telecom.rate"], values["at"].replace(tzinfo=None)
        touches = self._touches()
        found = rates.browse([row["row_id"] for row in touches]).exists()
        self._check_written(len(found), len(touches))
        self._refuse_by_time(found)
        rates.browse([row["row_id"] for row in touches if not row["cut"]]).unlink()
        for row in touches:
            if row["cut"]:
                rates.browse(row["row_id"]).valid_to = max(_naive(row["cut"]), at)
        rates.create([self._rate_values(row, at) for row in self._new_prices()])
        rates.flush_model()

    def _refuse_by_time(self, found):
        """Raise UserError when rates would be replaced that have prices by time: a file has no columns for them."""
        if timed := found.filtered("band_price_ids"):
            raise UserError(
                self.env._(
                    "%(rates)s have prices by time, which a file cannot hold. Change them in the plan, or delete their"
                    " prices by time, and verify again. Nothing was applied.",
                    rates=", ".join(timed[:5].mapped("display_name")),
                )
            )

    def _roll_back_plan(self, values):
        rates, at = self.env["telecom.rate"], values["at"].replace(tzinfo=None)
        mine = rates.browse()
        for row in self._new_prices():
            mine |= self._still(self._rate_values(row, at))
        written = self.new_count + self.raised_count + self.lowered_count + self.changed_count
        self._check_written(len(mine), written)
        mine.unlink()
        touches = self._touches()
        opened = 0
        for row in (row for row in touches if row["cut"]):
            rate = rates.browse(row["row_id"]).exists()
            if rate and rate.valid_to == max(_naive(row["cut"]), at):
                rate.valid_to = _naive(row["old_ends"])
                opened += 1
        taken = [self._snapshot_values(row["snapshot"]) for row in touches if not row["cut"]]
        self._check_written(opened + len(taken), len(touches))
        rates.create(taken)
        rates.flush_model()

    def _still(self, values):
        """Return the rate of these values, if it is as the import wrote it."""
        domain = [
            (name, "=", values[name]) for name in ("plan_id", "destination_id", "group_id", "valid_from", "valid_to")
        ]
        rate = self.env["telecom.rate"].search(domain)
        same = all(
            (rate[name] or False) == (value or False) for name, value in values.items() if not name.endswith("_id")
        )
        return rate if len(rate) == 1 and same else rate.browse()

    def _touches(self):
        self.env.cr.execute(
            "select row_id, cut, old_ends, snapshot from telecom_price_replaced where import_id = %s order by row_id",
            [self.id],
        )
        return self.env.cr.dictfetchall()

    def _new_prices(self):
        self.env.cr.execute(
            "select * from telecom_price_change where import_id = %s and line is not null order by id", [self.id]
        )
        return self.env.cr.dictfetchall()

    def _rate_values(self, row, at):
        """Return a change as values of a rate."""
        kind, target_id = row["key"][0], int(row["key"][1:])
        extra = row["extra"]
        return {
            "plan_id": self.plan_id.id,
            "destination_id": target_id if kind == "d" else False,
            "group_id": target_id if kind == "g" else False,
            **{name: from_micro(row[column]) for name, column in AMOUNTS.items()},
            **{name: row[column] for name, column in SECONDS.items()},
            **{name: from_micro(extra.get(name, 0)) for name in EXTRA_AMOUNTS},
            **{name: extra.get(name) or False for name in EXTRA_OTHERS},
            "second_price_from_s": extra["second_price_from_s"],
            "valid_from": max(_naive(row["starts"]), at),
            "valid_to": _naive(row["ends"]),
        }

    def _snapshot_values(self, snapshot):
        """Return a rate that was taken away as values to make it again."""
        rates = self.env["telecom.rate"]
        names = [
            name for name, field in rates._fields.items() if field.store and not field.related and name in snapshot
        ]
        values = {name: snapshot[name] for name in names if name not in models.MAGIC_COLUMNS}
        dates = {name: (snapshot[name] or "").replace("T", " ")[:19] or False for name in ("valid_from", "valid_to")}
        return {**values, **dates}


def _naive(instant):
    """Return an instant of the database as the ORM has it: UTC without a zone; False for none."""
    return instant.replace(tzinfo=None) if instant else False
