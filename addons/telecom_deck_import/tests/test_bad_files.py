import base64
import io
import os
import zipfile

import openpyxl
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import HEADER, PricesCase


@tagged("post_install", "-at_install")
class TestBadFiles(PricesCase):
    """Refused, or reported by line with what to do; nothing of it is applied."""

    def setUp(self):
        super().setUp()
        self.price("441")
        self.before = self.whole_deck()

    def assert_refused(self, data, words, **values):
        one = self.upload(data, **values)
        if one.state != "failed":
            one.action_verify()
        self.assertEqual(one.state, "failed")
        self.assertRegex(one.message, words)
        with self.assertRaises(UserError):
            one.action_apply()
        self.assertEqual(self.whole_deck(), self.before)

    def assert_problems(self, expected, *lines, **values):
        """Each bad line by its number, each with its reason, and nothing compared."""
        one = self.verified(*lines, **values)
        self.assertEqual(one.state, "problems", one.message)
        found = self.problems(one)
        self.assertEqual([line for line, _reason in found], [line for line, _words in expected], found)
        for (_line, reason), (_same, words) in zip(found, expected, strict=True):
            self.assertRegex(reason, words)
        self.assertEqual((one.problem_count, self.changes(one)), (len(expected), []))
        with self.assertRaises(UserError):
            one.action_apply()
        self.assertEqual(self.whole_deck(), self.before)
        return one

    def test_a_file_of_nothing(self):
        self.assert_refused(b"", "0 bytes")
        self.assert_refused(b"\n\n", "no line with anything")
        self.assert_refused(HEADER + "\n", "a header only")
        self.assert_refused(b"just a letter\nto somebody\n", "one column")

    def test_binary_junk(self):
        for junk in (b"\x00\x01\x02" * 500, b"\x7fELF" + bytes(range(256)) * 8, os.urandom(4000)):
            self.assert_refused(junk, "neither a text nor|not written in")

    def test_200_megabytes(self):
        one = self.upload("Code,Rate\n44,0.01\n")
        data = b"Code,Rate\n" + b"44,0.01\n" * (200 * 2**20 // 8)
        one.file = base64.b64encode(data)
        self.assertEqual(one.state, "failed")
        self.assertRegex(one.message, "more than 96 MB. Split it by country")

    def test_wrong_columns(self):
        one = self.upload("Invoice,Article,Pieces\nA1,Telephone,3\n")
        with self.assertRaisesRegex(UserError, "code, price. The file has: Invoice, Article, Pieces"):
            one.action_verify()

    def test_duplicate_and_overlapping_prefixes(self):
        self.assert_problems(
            [(4, "4420 has another price on line 2 already: keep one"), (5, "4421 has another price on line 3")],
            "4420,UK,0.01,0,1,1,,", "4421-4423,UK,0.01,0,1,1,,", "4420,UK,0.02,0,1,1,,", "4421,UK,0.05,0,1,1,,",
            "442,UK,0.07,0,1,1,,",
        )  # fmt: skip
        one = self.verified("441,UK,0.01,0,1,1,,", "441,UK,0.01,0,1,1,,", "441,UK,0.010,0,1,1,,")
        self.assertEqual((one.state, one.repeated_count, self.counts(one)), ("verified", 2, {"unchanged": 1}))

    def test_negative_and_impossible_prices(self):
        self.assert_problems(
            [(2, "negative"), (4, "no price"), (5, "price is missing"), (6, "more than 6 decimals"),
             (7, "fee -1 is neg"), (8, "first interval"), (9, "more than 1,000,000")],
            "441,UK,-0.01,0,1,1,,", "442,UK,0.01,0,1,1,,", "443,UK,=B3*2,0,1,1,,", "444,UK,,0,1,1,,",
            "445,UK,0.0100001,0,1,1,,", "446,UK,0.01,-1,1,1,,", "447,UK,0.01,0,0,1,,", "448,UK,3000000,0,1,1,,",
        )  # fmt: skip

    def test_bad_codes(self):
        self.assert_problems(
            [(2, "cannot be a prefix"), (3, "code is missing"), (4, "cut to 4.42E"), (5, "begin with the country")],
            "abc,UK,0.01,0,1,1,,", ",UK,0.01,0,1,1,,", "4.42E+11,UK,0.01,0,1,1,,", "020,UK,0.01,0,1,1,,",
        )  # fmt: skip

    def test_dates_in_three_forms(self):
        self.assert_problems(
            [(3, "'01.07.2026' is not written like '2026-07-01'"), (4, "'1 Jul 2026' is not written like"),
             (5, "no date"), (6, "ends before it begins")],
            "441,UK,0.01,0,1,1,2026-07-01,", "442,UK,0.01,0,1,1,01.07.2026,", "443,UK,0.01,0,1,1,1 Jul 2026,",
            "444,UK,0.01,0,1,1,soon,", "445,UK,0.01,0,1,1,2026-07-02,2026-06-30", date_order="dmy",
        )  # fmt: skip

    def test_day_or_month_first(self):
        text = f"{HEADER}\n444,UK,0.01,0,1,1,07/08/2026,\n"
        self.assert_refused(text, "cannot be told if the dates of the file begin with the day")
        text += "442,UK,0.01,0,1,1,31/08/2026,\n"
        one = self.upload(text)
        one.action_verify()
        new = self.env["telecom.price.change"].search([("import_id", "=", one.id), ("result", "=", "new")])
        starts = {change.key: str(change.valid_from) for change in new}
        self.assertEqual(starts, {"444": "2026-08-07 00:00:00", "442": "2026-08-31 00:00:00"})
        self.assert_refused(text + "443,UK,0.01,0,1,1,08/31/2026,\n", "line 3 .31/08/2026. has the day first, line 4")

    def test_half_a_file(self):
        self.assert_problems([(3, "has 2 columns instead of 8")], "441,UK,0.01,0,1,1,,", "442,UK")
        lines = "".join(f"44{n},UK,0.01,0,1,1,,\n" for n in range(2000))
        self.assert_refused(f'{HEADER}\n{lines}"442,UK,0.0', "Line 2002: the quotes do not close")
        self.assert_refused(f'{HEADER}\n441,UK,0.01,0,1,1,,\n"442,UK,0.0', "quotes do not close")

    def test_half_a_spreadsheet(self):
        whole = self.xlsx(["Code", "Rate"], *([f"44{n}", 0.01] for n in range(500)))
        for data in (whole[: len(whole) // 2], whole[:60], whole[:-200]):
            self.assert_refused(data, "damaged or only half")
        self.assert_refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "damaged or only half")

    def test_a_small_file_that_is_huge_when_unpacked(self):
        out = io.BytesIO()
        with (
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
            package.open("xl/sharedStrings.xml", "w") as part,
        ):
            for _turn in range(17):
                part.write(bytes(64 * 2**20))
        self.assertLess(len(out.getvalue()), 2 * 2**20)
        self.assert_refused(out.getvalue(), "too big when it is unpacked. Save it as .csv")

    def test_formulas(self):
        """A formula counts with the value that was saved; one without a value is named."""
        data = self.xlsx(["Code", "Rate"], ["441", 0.01], ["442", "=B2*2"])
        one = self.upload(data, filename="deck.xlsx")
        one.action_verify()
        self.assertEqual(one.state, "problems")
        self.assertRegex(str(self.problems(one)), r"3, 'the price is missing \(a formula that was never calculated")

    def test_another_currency(self):
        self.assert_problems(
            [(2, "the line is in USD, these prices are in EUR")], "44,0.01,USD", header="Code,Rate,Currency"
        )

    def test_a_wrong_encoding(self):
        data = f"{HEADER}\n441,Überall,0.01,0,1,1,,\n".encode("cp1252")
        self.assert_refused(data, "Line 2 is not written in UTF-8. Choose the right")
        one = self.upload(data, encoding="cp1252")
        one.action_verify()
        self.assertEqual(one.state, "verified")

    def test_neither_or_both_targets(self):
        plan = self.env["telecom.rate.plan"].create(
            {"name": "Imported", "company_id": self.owner_company.id, "rounding_method": "half_up"}
        )
        for values in ({"carrier_id": False}, {"plan_id": plan.id, "carrier_id": self.baltic.id}):
            with self.assertRaisesRegex(ValidationError, "either a carrier"), self.env.cr.savepoint():
                self.upload("Code,Rate\n44,1\n", **values)

    def xlsx(self, *rows):
        book, out = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(out)
        return out.getvalue()
