from decimal import Decimal

from odoo.addons.telecom_base.tools.read_table import decimal_of
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.addons.telecom_deck_import.tools.codes import codes_of
from odoo.addons.telecom_deck_import.tools.columns import MEANINGS, PLAN_ONLY, guess_all
from odoo.addons.telecom_deck_import.tools.price_values import amount_micro, intervals
from odoo.tests import BaseCase, tagged

DECK = {name for name, _label in MEANINGS} - PLAN_ONLY


@tagged("post_install", "-at_install")
class TestReadPrices(BaseCase):
    """Usual wordings and forms of price lists."""

    def test_columns_are_guessed_from_usual_headers(self):
        for headers, samples, expected in (
            (
                "Prefix|Destination|Rate|Connection Fee|First Interval|Next Interval|Effective Date",
                "44|UK|0.01|0|60|60|2026-01-01",
                "code name price fee first next from",
            ),
            (
                "Country|Country Code|Area Code|Price per minute (USD)|Billing Increments|Valid From|Valid To|Currency",
                "UK|44|20|0.01|60/60|2026-01-01||USD",
                "name country code price increments from to currency",
            ),
            (
                "Destination|Dial Code|Price/Min|Initial|Additional|Start Date|End Date|Comments",
                "UK|4420|0.01|60|60|x|y|z",
                "name code price first next from to ignore",
            ),
            (
                "Zielname|Vorwahl|Minutenpreis EUR|Taktung|Gültig ab|Gültig bis|Währung",
                "UK|4420|0,01|60/60|x|y|EUR",
                "name code price increments from to currency",
            ),
            (
                "Country Name|Codes|Old Rate|New Rate|Rate Change|Effective From",
                "UK|44|0.01|0.02|increase|x",
                "name code ignore price ignore from",
            ),
            (
                "destination|prefix|rate_1|connect_cost|interval_1|interval_n|ID",
                "UK|44|0.01|0|1|1|3",
                "name code price fee first next ignore",
            ),
            (
                "Code|Destination Name|Cost per second|Setup Charge|Min Interval|Increment|Activation Date",
                "44|UK|0.0001|0|1|1|x",
                "code name price_second fee first next from",
            ),
            ("Destination|Description|Price", "442|UK|0.1", "code name price"),
            (
                "País|Prefijos|Precio|Establecimiento|Moneda|Vigencia",
                "UK|44|0.1|0|EUR|x",
                "name code price fee currency from",
            ),
            ("Country Code|Dial Code|Tariff", "44|4420|0.1", "ignore code price"),
            ("Country Code|Tariff", "44|0.1", "code price"),
        ):
            with self.subTest(headers=headers):
                names, values = headers.split("|"), [[value] for value in samples.split("|")]
                self.assertEqual(guess_all(names, values, {}, DECK), expected.split())

    def test_a_remembered_meaning_comes_before_a_guess(self):
        remembered = {"Codes": "ignore", "Area": "code", "Cost": "price"}
        meanings = guess_all(["Codes", "Area", "Cost"], [["1"], ["4420"], ["1"]], remembered, DECK)
        self.assertEqual(meanings, ["ignore", "code", "price"])

    def test_codes(self):
        for country, cell, expected in (
            (None, "44", ["44"]), (None, "+44 20", ["4420"]), (None, "0044-20", ["0044-20"]), (None, 4420.0, ["4420"]),
            (None, "441, 442;443", ["441", "442", "443"]), (None, "4420-4422", ["4420", "4421", "4422"]),
            (None, "4420-22", ["4420", "4421", "4422"]), (None, "1-242", ["1242"]), (None, "441 442", ["441", "442"]),
            ("44", "20-21, 7", ["4420", "4421", "447"]), ("44", "", ["44"]), ("44", None, ["44"]),
            (44.0, "20", ["4420"]), ("0044", "20 21", ["4420", "4421"]), ("1", "1", ["1"]), (None, "447, 447", ["447"]),
        ):  # fmt: skip
            with self.subTest(country=country, cell=cell):
                if expected == ["0044-20"]:
                    with self.assertRaisesRegex(FileRefusedError, "ends before it begins"):
                        codes_of(country, cell)
                else:
                    self.assertEqual(codes_of(country, cell), expected)
        for country, cell, words in (
            (None, "", "code is missing"), ("", "20", "country code is missing"), (None, "abc", "cannot be a prefix"),
            (None, "020", "another column"), (None, "4.42E+11", "cut to"), (None, "44 20", "one code or several"),
            (None, "4425-4420", "ends before it begins"), (None, "4400000-4499999", "more than 10,000"),
            (None, "4420794600001234", "1 to 15 digits"), (None, "٤٤", "cannot be a prefix"),
        ):  # fmt: skip
            with self.subTest(cell=cell), self.assertRaisesRegex(FileRefusedError, words):
                codes_of(country, cell)

    def test_amounts_are_exact(self):
        for value, expected in (
            ("0.0123", 12_300), ("0,0123", 12_300), ("$0.01", 10_000), ("0.01 USD", 10_000), ("€ 0,5", 500_000),
            ("1,234.56", 1_234_560_000), ("1.234,56", 1_234_560_000), (0.018, 18_000), (0.1 + 0.2, 300_000),
            (1e-06, 1), ("0", 0), (0, 0), ("", None), (None, None), (17.3, 17_300_000),
        ):  # fmt: skip
            with self.subTest(value=value):
                self.assertEqual(amount_micro(value, "price"), expected)
        for value, words in (
            ("-0.01", "negative"), (-0.5, "negative"), ("0.0000001", "more than 6 decimals"),
            (1e-07, "more than 6 decimals"),
            ("free", "no price"), ("=B2*2", "no price"), ("#REF!", "no price"), ("2000000", "more than 1,000,000"),
            (True, "no price"), ("1e400", "more than|no price"),
        ):  # fmt: skip
            with self.subTest(value=value), self.assertRaisesRegex(FileRefusedError, words):
                amount_micro(value, "price")

    def test_a_number_of_a_spreadsheet_is_its_shortest_decimal(self):
        for number, expected in (
            (0.1, "0.1"), (0.07, "0.07"), (1.005, "1.005"), (0.1 * 3, "0.3"), (4420, "4420"),
            (1 / 3, "0.333333333333333"),
        ):  # fmt: skip
            with self.subTest(number=number):
                self.assertEqual(decimal_of(number), Decimal(expected))

    def test_intervals(self):
        for value, expected in (("60/60", (60, 60)), ("30+6", (30, 6)), ("1-1", (1, 1)), (60.0, (60, 60)), ("", None)):
            with self.subTest(value=value):
                self.assertEqual(intervals(value), expected)
        for value in ("0/60", "long", "60/60/60"):
            with self.subTest(value=value), self.assertRaises(FileRefusedError):
                intervals(value)
