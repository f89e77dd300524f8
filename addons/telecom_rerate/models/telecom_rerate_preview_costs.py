from collections import Counter

import numpy as np
from odoo import models
from odoo.addons.telecom_base.tools.binary_rows import read_rows, write_rows
from odoo.tools import SQL

from telecom_switch_bridge.core.tariff_json import tariff_to_json
from telecom_switch_bridge.rerate.catalogue import read_carriers
from telecom_switch_bridge.rerate.price_costs import CostPricer, StoredLegs, deck_of, unpriced

from .telecom_rerate_preview import CHUNK_CALLS, statement_of

READ = {
    "place": "integer", "call": "bigint", "started": "timestamptz", "number": "bigint", "digits": "smallint",
    "at": "timestamptz", "answered": "bigint", "duration": "bigint", "billed": "integer", "micro": "bigint",
    "fits": "smallint",
}  # fmt: skip
DECK = ["bigint"] * 10
FOUND = {"place": "integer", "price": "integer", "billed_s": "integer", "micro": "bigint"}
GONE, OTHER_CURRENCY, FITS = range(3)


class TelecomRerateRun(models.Model):
    """Compares what carriers took, and paid, with what their decks say now for the instants of the calls."""

    _inherit = "telecom.rerate.run"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _preview_costs(self, tell, faults):
        """Return what the page says of it."""
        tell(70, self.env._("Finding the carriers' legs"))
        groups = self._choose_costs()
        carriers = read_carriers(self._fetch)
        pricer, mine = CostPricer(), Counter()
        for number, (carrier_id, direction, first, last) in enumerate(groups):
            tell(75 + 20 * number // len(groups), self.env._("Comparing with the decks"))
            carrier = carriers.get(carrier_id)
            deck = self._read_deck(carrier_id, direction) if carrier else None
            for begin in range(first, last, CHUNK_CALLS):
                self._compare_costs(pricer, carrier, deck, (begin, min(begin + CHUNK_CALLS, last)), mine)
        with self._bulk_plans():
            self.env.cr.execute(statement_of("cost_corrections.sql"), [self.id])
            changed = self.env.cr.rowcount
        self._write_prices("telecom_call_cost_price", map(tariff_to_json, pricer.tariffs))
        faults.update(mine)
        return {"cost_count": sum(one[3] - one[2] for one in groups), "cost_changed_count": changed} | {
            "cost_fault_count": sum(mine.values())
        }

    def _choose_costs(self):
        """Lay down the legs of the run's calls; return carrier, direction, first place and the one after the last."""
        conditions = SQL(" and ").join(self._call_conditions())
        with self._bulk_plans():
            self.env.cr.execute(SQL(statement_of("choose_costs.sql"), self.date_from, self.date_to, conditions))
        self.env.cr.execute(
            "select carrier_id, direction, min(place), max(place) + 1 from telecom_rerate_cost group by 1, 2 order by 3"
        )
        return self.env.cr.fetchall()

    def _read_deck(self, carrier_id, direction):
        """Return a deck with its prices of all dates; one after the other, for they are big."""
        select = statement_of("deck.sql").format(carrier=int(carrier_id), direction=direction)
        return deck_of(read_rows(self.env.cr, select, DECK))

    def _compare_costs(self, pricer, carrier, deck, places, faults):
        """Price one part of the legs of a carrier; keep what differs, note what has no price."""
        select = statement_of("read_costs.sql").format(first=places[0], last=places[1])
        rows = dict(zip(READ, read_rows(self.env.cr, select, READ.values()), strict=True))
        legs = StoredLegs(rows["number"], rows["digits"], rows["at"], rows["answered"], rows["duration"])
        costs = pricer.price(carrier, deck, legs) if carrier else unpriced(len(rows["place"]))
        found = (costs.price >= 0) & (rows["fits"] == FITS)
        differs = np.flatnonzero(found & ((costs.micro != rows["micro"]) | (costs.billed_s != rows["billed"])))
        arrays = [rows["place"][differs], costs.price[differs], costs.billed_s[differs], costs.micro[differs]]
        write_rows(self.env.cr, "telecom_rerate_cost_found", list(FOUND), list(FOUND.values()), arrays)
        faulty = np.flatnonzero(~found)
        reasons = self._cost_faults(carrier)
        self._write_faults(rows, [reasons[one] for one in rows["fits"][faulty].tolist()], faulty, faults)

    def _cost_faults(self, carrier):
        """Return why a leg's cost stays as it is, by what `fits` says of it."""
        if not carrier:
            return [self.env._("its carrier is not there any more")]
        return [
            False,
            self.env._("%s has another currency now", carrier.name),
            self.env._("%s has no price for the number at that time", carrier.name),
        ]
