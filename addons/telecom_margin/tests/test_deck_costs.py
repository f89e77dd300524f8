from datetime import UTC, datetime

from odoo.tests import BaseCase, tagged

from telecom_switch_bridge.core.money import FACTOR_ONE
from telecom_switch_bridge.core.rating import Rounding

from ..tools.deck_costs import Carrier, DeckPrice, destination_costs

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIXED, MOBILE = 1, 2
PREFIXES = {"49": FIXED, "4915": MOBILE, "4916": MOBILE}


def price(micro, fee=0, first=1, following=1):
    return DeckPrice(fee, micro, 60, first, following, 0)


def carrier(key, factor_e8=FACTOR_ONE, **prices):
    return Carrier(
        key, Rounding("half_up", 6), factor_e8, {code.removeprefix("p"): one for code, one in prices.items()}
    )


@tagged("post_install", "-at_install")
class TestDeckCosts(BaseCase):
    def costs(self, *carriers, seconds=60):
        return destination_costs(PREFIXES, carriers, seconds, NOW)

    def test_of_several_carriers_the_cheapest(self):
        costs = self.costs(carrier(7, p49=price(100)), carrier(8, p49=price(90), p4915=price(500)))
        self.assertEqual(costs[FIXED], (90, 8, "49"))
        self.assertEqual(costs[MOBILE], (100, 7, "4915"))  # where 8 is dear, 7 takes it

    def test_of_the_parts_of_a_destination_the_dearest(self):
        costs = self.costs(carrier(7, p4915=price(100), p4916=price(300), p49170=price(10), p491512=price(400)))
        self.assertEqual(costs[MOBILE], (400, 7, "491512"))
        self.assertEqual(costs[FIXED], (10, 7, "49170"))

    def test_what_no_carrier_has_costs_nothing_known(self):
        self.assertEqual(self.costs(carrier(7, p1=price(100))), {})
        self.assertEqual(self.costs(), {})

    def test_the_whole_call_is_compared_with_fee_and_increments(self):
        """For 61 s: 7 takes two minutes, 8 a fee and 61 seconds."""
        costs = self.costs(
            carrier(7, p49=price(600, first=60, following=60)), carrier(8, p49=price(600, fee=580)), seconds=61
        )
        self.assertEqual(costs[FIXED], (1_190, 8, "49"))

    def test_another_currency_is_converted(self):
        costs = self.costs(carrier(7, 2 * FACTOR_ONE, p49=price(100)), carrier(8, p49=price(150)))
        self.assertEqual(costs[FIXED], (150, 8, "49"))
