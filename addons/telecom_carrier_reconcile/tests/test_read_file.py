import io
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import xlwt
from odoo.addons.telecom_base.tools.instants import instant
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.addons.telecom_base.tools.write_table import write_table
from odoo.addons.telecom_carrier_reconcile.tools.columns import guess_all
from odoo.addons.telecom_carrier_reconcile.tools.parse import Call, Layout, Reader
from odoo.addons.telecom_carrier_reconcile.tools.values import called_number, cost_micro, seconds_of
from odoo.tests import BaseCase, tagged

START = datetime(2026, 11, 25, 20, 18, 3, tzinfo=UTC)
START_MS = int(START.timestamp() * 1000)


@tagged("post_install", "-at_install")
class TestReadFile(BaseCase):
    """Usual wordings and forms of carriers' files."""

    def test_columns_are_guessed_from_usual_headers(self):
        number, when, length, money = "442079460000", "2026-11-25 20:18:03", "65", "0.0123"
        for headers, samples, expected in (
            (
                ["Called Number", "Start Time", "Duration", "Cost", "Currency"],
                [number, when, length, money, "EUR"],
                ["called", "start", "seconds", "cost", "currency"],
            ),
            (
                ["src", "dst", "calldate", "duration", "billsec", "disposition"],
                ["101", number, when, "70", length, "ANSWERED"],
                ["ignore", "called", "start", "seconds", "ignore", "disposition"],
            ),
            (
                ["Date", "Time", "Calling Party", "Destination", "Dialled Digits", "Minutes", "Rate", "Amount (EUR)"],
                ["2026-11-25", "20:18:03", "101", "UK Fixed", number, "1.08", "0.01", money],
                ["date", "time", "ignore", "ignore", "called", "minutes", "ignore", "cost"],
            ),
            (
                ["A-Number", "B-Number", "connectTime", "disconnectTime", "callDuration", "totalCharge", "Call Type"],
                ["101", number, when, when, length, money, "out"],
                ["ignore", "called", "start", "ignore", "seconds", "cost", "direction"],
            ),
            (
                ["Datum", "Uhrzeit", "Dauer", "Betrag", "Number"],
                ["25.11.2026", "20:18:03", "0:01:05", "0,0123", number],
                ["date", "time", "seconds", "cost", "called"],
            ),
            (["To", "Date", "Duration (ms)"], [number, when, "65000"], ["called", "start", "ms"]),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(guess_all(headers, [[sample] for sample in samples], {}), expected)

    def test_a_remembered_meaning_comes_before_a_guess(self):
        meanings = guess_all(["Number", "To"], [["1"], ["44207946"]], {"Number": "ignore", "To": "called"})
        self.assertEqual(meanings, ["ignore", "called"])

    def test_called_numbers(self):
        for text, expected in (
            ("442079460000", "442079460000"), ("+44 20 7946-0000", "442079460000"), ("0044 2079460000", "442079460000"),
            ("02079460000", "442079460000"), ("0077442079460000", "442079460000"), (442079460000.0, "442079460000"),
            ("sip:+442079460000@192.0.2.7:5060", "442079460000"), ("442079460000.0", "442079460000"),
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(called_number(text, "44", "0077"), expected)
        for text, words in (
            ("4.42079E+11", "was cut"),
            ("anonymous", "no called number"),
            ("", "missing"),
            (None, "mis"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(FileRefusedError, words):
                called_number(text, "44", "")

    def test_instants(self):
        for text, zone, order in (
            ("2026-11-25 20:18:03", "UTC", "dmy"), ("2026-11-25T20:18:03Z", "Asia/Tokyo", "dmy"),
            ("2026/11/25 20:18:03.000", "UTC", "dmy"), ("2026-11-25T21:18:03+01:00", "UTC", "dmy"),
            ("25/11/2026 20:18:03", "UTC", "dmy"), ("11/25/2026 8:18:03 PM", "UTC", "mdy"),
            ("25.11.26 21:18:03", "Europe/Berlin", "dmy"), ("25-Nov-2026 20:18:03", "UTC", "dmy"),
            ("20261125201803", "UTC", "dmy"), (str(START_MS // 1000), "Asia/Tokyo", "dmy"),
            (str(START_MS), "UTC", "dmy"), (datetime(2026, 11, 25, 15, 18, 3), "America/New_York", "dmy"),
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(instant(text, zone, order), START_MS)
        for text in ("2026-13-25 20:18:03", "31/02/2026 10:00:00", "yesterday"):
            with self.subTest(text=text), self.assertRaisesRegex(FileRefusedError, "no date and time"):
                instant(text, "UTC", "dmy")

    def test_durations(self):
        for value, unit, expected in (
            ("65", "seconds", 65), ("65.4", "seconds", 65.4), ("0:01:05", "seconds", 65), ("1:05", "seconds", 65),
            ("00:01:05", "seconds", 65), ("1m5s", "seconds", 65), ("1.5", "minutes", 90), ("1,5", "minutes", 90),
            ("65000", "ms", 65), (65, "seconds", 65), (time(0, 1, 5), "seconds", 65),
            (timedelta(seconds=65), "seconds", 65), ("0", "seconds", 0),
        ):  # fmt: skip
            with self.subTest(value=value):
                self.assertAlmostEqual(seconds_of(value, unit), expected, 6)
        for value in ("", "long", "-3", "99999999", None):
            with self.subTest(value=value), self.assertRaises(FileRefusedError):
                seconds_of(value, "seconds")

    def test_amounts_are_exact(self):
        for value, expected in (
            ("0.0123", 12_300), ("0,0123", 12_300), ("1,234.56", 1_234_560_000), ("1.234,56", 1_234_560_000),
            ("€ 0.01", 10_000), (0.0123, 12_300), (1e-06, 1), ("0.0000005", 1), ("-0.01", -10_000), ("", None),
            (None, None), (0, 0),
        ):  # fmt: skip
            with self.subTest(value=value):
                self.assertEqual(cost_micro(value), expected)
        for value in ("free", "99999999999"):
            with self.subTest(value=value), self.assertRaises(FileRefusedError):
                cost_micro(value)

    def calls_of(self, data, **layout):
        places = {"called": 0, "start": 1, "seconds": 2, "cost": 3}
        return list(Reader(data, Layout(**{"places": places, "width": 4, **layout})))

    def expected(self, line=2):
        return Call(line, "442079460000", START_MS, 65, 12_300, None, "outbound")

    def test_the_same_calls_come_out_of_every_kind_of_file(self):
        row = ["442079460000", "2026-11-25 20:18:03", "65", "0.0123"]
        header = ["Called", "Start", "Duration", "Cost"]
        files = {}
        for delimiter in ",;\t|":
            text = "\r\n".join(delimiter.join(one) for one in (header, row))
            files[f"csv {delimiter}"] = text.encode()
        files["csv with a mark"] = b"\xef\xbb\xbf" + files["csv ;"]
        files["csv utf-16"] = files["csv ,"].decode().encode("utf-16")
        files["csv quoted"] = "\n".join(",".join(f'"{cell}"' for cell in one) for one in (header, row)).encode()
        files["xlsx"] = self.xlsx(header, ["442079460000", START.replace(tzinfo=None), time(0, 1, 5), 0.0123])
        files["xlsx of numbers"] = self.xlsx(header, [442079460000, START.replace(tzinfo=None), 65, 0.0123])
        files["xls"] = self.xls(header, [442079460000, START.replace(tzinfo=None), 65, 0.0123])
        numbers = [442079460000, "2026-11-25 20:18:03", 65, Decimal("0.0123")]
        files["ods"] = write_table("ods", [header, numbers])
        for name, data in files.items():
            with self.subTest(file=name):
                self.assertEqual(self.calls_of(data), [self.expected()])

    def xlsx(self, *rows):
        book, out = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(out)
        return out.getvalue()

    def xls(self, *rows):
        book, out = xlwt.Workbook(), io.BytesIO()
        sheet, style = book.add_sheet("Calls"), xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell, *([style] if isinstance(cell, datetime) else []))
        book.save(out)
        return out.getvalue()

    def test_the_order_of_day_and_month_is_told_by_any_line(self):
        text = b"a,b,c,d\n442079460000,11/10/2026 00:00:00,5,0\n442079460000,11/25/2026 20:18:03,65,0.0123\n"
        self.assertEqual(self.calls_of(text)[1].start_ms, START_MS)
        doubtful = b"a,b,c,d\n442079460000,11/10/2026 00:00:00,5,0\n"
        with self.assertRaisesRegex(FileRefusedError, "day or with the month"):
            self.calls_of(doubtful)
        self.assertEqual(len(self.calls_of(doubtful, date_order="mdy")), 1)
        both = text + b"442079460000,25/11/2026 20:18:03,65,0.0123\n"
        with self.assertRaisesRegex(FileRefusedError, "line 4 .25/11/2026.* day first, line 3 .11/25"):
            self.calls_of(both)

    def test_unanswered_calls_are_left_out(self):
        text = b"a,b,c,d,e\n4420,2026-11-25 20:18:03,0,0,BUSY\n4420,2026-11-25 20:18:03,5,0.1,ANSWERED\n"
        places = {"called": 0, "start": 1, "seconds": 2, "cost": 3, "disposition": 4}
        reader = Reader(text, Layout(places=places, width=5))
        self.assertEqual(([call.seconds for call in reader], reader.unanswered), ([5.0], 1))
