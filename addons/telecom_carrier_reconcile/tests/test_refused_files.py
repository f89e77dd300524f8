import io
import os

import openpyxl
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import HEADER, ReconcileCase


@tagged("post_install", "-at_install")
class TestRefusedFiles(ReconcileCase):
    """What is no list of calls is refused in words that name the place and the remedy; nothing is half done."""

    def good(self):
        return "\n".join((HEADER, *(self.theirs(minute) for minute in range(20)))) + "\n"

    def assert_refused(self, data, words, state="failed", **values):
        statement = self.upload(data, **values)
        if statement.state != "failed":
            statement.action_compare()
        self.assertEqual(statement.state, state, statement.message)
        told = " ".join([statement.message or "", *statement.problem_ids.mapped("reason")])
        self.assertRegex(told, words)
        self.assertFalse(self.results(statement))
        return statement

    def test_a_file_of_nothing(self):
        self.assert_refused(b"", "0 bytes")
        self.assert_refused(b"\n\n\n", "no line with anything")
        self.assert_refused(HEADER + "\n", "a header only")

    def test_binary_junk(self):
        for junk in (b"\x00\x01\x02" * 500, b"\x7fELF" + bytes(range(256)) * 8, os.urandom(4000)):
            self.assert_refused(junk, "neither a text nor|not written in")

    def test_a_wrong_encoding(self):
        text = f"{HEADER},Name\n{self.theirs(0)},Überlingen\n"
        statement = self.assert_refused(text.encode("cp1252"), "Line 2 is not written in UTF-8. Choose the right")
        self.ours(0)
        statement.encoding = "cp1252"
        statement.action_compare()
        self.assertEqual((statement.state, statement.matched_count), ("done", 1))
        self.assert_refused(text.encode("utf-16-le"), "neither a text nor")
        self.assert_refused(b"\xff\xfe" + b"a\x00" * 5 + b"a", "UTF-16")

    def test_wrong_columns(self):
        text = "Invoice,Article,Pieces\nA1,Telephone,3\n"
        statement = self.upload(text)
        with self.assertRaisesRegex(UserError, "called number, start, duration. The file has: Invoice, Art"):
            statement.action_compare()
        self.assert_refused("just a letter\nto somebody\n", "has 1 column")

    def test_columns_with_a_wrong_meaning(self):
        statement = self.upload(self.good())
        by_header = {column.header: column for column in statement.column_ids}
        by_header["Called Number"].meaning, by_header["Start Time"].meaning = "start", "called"
        statement.action_compare()
        self.assertEqual((statement.state, statement.problem_count), ("problems", 20))
        self.assertIn("No line of the file can be read", statement.message)
        self.assertEqual(statement.problem_ids[0].line, 2)

    def test_half_a_file(self):
        data = self.good().encode()
        cut = data[: data.rindex(b",0.01")]
        statement = self.assert_refused(cut, "it may be cut off", state="problems")
        self.assertEqual((statement.problem_ids.line, statement.problem_count), (21, 1))
        self.assertIn("1 of 20 lines cannot be read, so nothing was compared", statement.message)
        statement.skip_unreadable = True
        statement.action_compare()
        self.assertEqual((statement.state, statement.only_theirs_count, statement.problem_count), ("done", 19, 1))
        self.assert_refused(data[:-10].replace(b"442079460000,2026-03-02 12:19", b'"442079460000,2026-03-02 12:19'),
                            "quotes do not close")  # fmt: skip

    def test_half_a_spreadsheet(self):
        book, out = openpyxl.Workbook(), io.BytesIO()
        for line in self.good().splitlines():
            book.active.append(line.split(","))
        book.save(out)
        whole = out.getvalue()
        for data in (whole[: len(whole) // 2], whole[:60], whole[:-200]):
            self.assert_refused(data, "damaged or only half")
        self.assert_refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "damaged or only half")
        statement = self.upload(whole)
        statement.action_compare()
        self.assertEqual((statement.state, statement.only_theirs_count), ("done", 20))

    def test_dates_in_three_forms(self):
        lines = [self.theirs(minute) for minute in range(4)]
        lines[1] = lines[1].replace("2026-03-02 12:01:04", "02.03.2026 12:01:04")
        lines[3] = lines[3].replace("2026-03-02 12:03:04", "20260302120304")
        statement = self.assert_refused(
            "\n".join((HEADER, *lines)), "02.03.2026 12:01:04' is not written like that of line 2", "problems",
            date_order="dmy",
        )  # fmt: skip
        self.assertEqual(statement.problem_ids.mapped("line"), [3, 5])

    def test_bad_lines_are_named_by_line_and_reason(self):
        lines = [
            self.theirs(0), self.theirs(1, called="anonymous"), self.theirs(2, seconds="long"),
            self.theirs(3, cost="free"), self.theirs(4, called="4.42079E+11"),
        ]  # fmt: skip
        statement = self.assert_refused("\n".join((HEADER, *lines)), "no called number", "problems")
        reasons = [(problem.line, problem.reason) for problem in statement.problem_ids]
        self.assertEqual([line for line, _reason in reasons], [3, 4, 5, 6])
        for (_line, reason), words in zip(reasons, ("number", "duration", "amount", "spreadsheet"), strict=True):
            self.assertIn(words, reason)

    def test_a_refused_comparison_leaves_the_last_result(self):
        self.ours(0)
        statement = self.compared(self.theirs(0))
        before = self.results(statement)
        statement.country_code = "44"
        statement.write({"date_from": "2027-01-01", "date_to": "2027-12-01"})
        statement.action_compare()
        self.assertEqual(statement.state, "failed")
        self.assertIn("more than 100", statement.message)
        self.assertEqual(self.results(statement), before)

    def test_a_file_of_years_is_refused(self):
        lines = (self.theirs(0), self.theirs(0).replace("2026-", "2006-"))
        self.assert_refused("\n".join((HEADER, *lines)), "more than 100. Look at its dates")

    def test_settings_out_of_bounds(self):
        with self.assertRaisesRegex(ValidationError, "digits only"):
            self.upload(self.good(), country_code="+44")
        with self.assertRaisesRegex(ValidationError, "ends before"):
            self.upload(self.good(), date_from="2026-03-03", date_to="2026-03-02")
