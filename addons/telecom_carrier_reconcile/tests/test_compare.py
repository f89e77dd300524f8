import time
from datetime import timedelta
from io import StringIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BEGIN, HEADER, ReconcileCase


@tagged("post_install", "-at_install")
class TestCompare(ReconcileCase):
    def test_every_kind_of_difference_is_found_once(self):
        for minute in range(6):
            self.ours(minute)
        self.ours(6, called="33123456789", micro=5_000)
        statement = self.compared(
            self.theirs(0),
            self.theirs(1, seconds=75),
            self.theirs(2, cost="0.02"),
            self.theirs(3, late_s=200, called="442079460001"),
            self.theirs(4, seconds=61),
            self.theirs(5, currency="USD"),
            self.theirs(6, called="33123456789", cost="0.005"),
            self.theirs(6, called="33123456789", cost="0.005"),
            date_from="2026-03-02",
            date_to="2026-03-02",
        )
        self.assertEqual(statement.state, "done", statement.message)
        found = sorted(self.results(statement), key=lambda row: (row[1] == 0, row[1]))
        self.assertEqual(
            found,
            [
                ("matched", 2, "442079460000", 60, 60),
                ("seconds", 3, "442079460000", 75, 60),
                ("cost", 4, "442079460000", 60, 60),
                ("only_theirs", 5, "442079460001", 60, 0),
                ("matched", 6, "442079460000", 61, 60),
                ("cost", 7, "442079460000", 60, 60),
                ("matched", 8, "33123456789", 60, 60),
                ("only_theirs", 9, "33123456789", 60, 0),  # written twice: the second has no leg left
                ("only_ours", 0, "442079460000", 0, 60),
            ],
        )
        counts = ("matched", "seconds", "cost", "only_theirs", "only_ours", "outside")
        self.assertEqual([statement[f"{name}_count"] for name in counts], [3, 1, 2, 2, 1, 0])
        self.assertEqual((statement.their_calls, statement.our_calls), (8, 7))
        self.assertEqual((statement.their_seconds, statement.our_seconds), (496, 420))
        self.assertAlmostEqual(statement.their_cost, 0.08, 6)
        self.assertAlmostEqual(statement.our_cost, 0.065, 6)

    def test_of_several_calls_to_a_number_the_nearest_is_taken_once(self):
        """Ours at 0, 12 and 24 s; theirs at 12 and 25: first come, first served would take the leg of 0 s for 12."""
        first, second, third = (self.ours(second / 60, ring_s=0, seconds=30) for second in (0, 12, 24))
        statement = self.compared(
            self.theirs(0, late_s=12, seconds=30), self.theirs(0, late_s=25, seconds=30), tolerance_start_s=15,
            date_from="2026-03-02", date_to="2026-03-02", tolerance_cost=1,
        )  # fmt: skip
        lines = self.env["telecom.carrier.statement.line"].search([("statement_id", "=", statement.id)])
        pairs = {(line.line, line.record_id.id) for line in lines}
        self.assertEqual(pairs, {(2, second), (3, third), (0, first)})

    def test_calls_of_one_moment_are_told_apart_by_their_seconds(self):
        for seconds in (10, 50, 90):
            self.ours(0, seconds=seconds)
        statement = self.compared(*(self.theirs(0, seconds=seconds) for seconds in (90, 10, 50)), tolerance_cost=1)
        self.assertEqual(statement.matched_count, 3)

    def test_many_calls_to_one_number_find_all_their_legs(self):
        """More than are looked at in one round: every one is found by a later one."""
        for second in range(25):
            self.ours(second / 60, ring_s=0)
        statement = self.compared(*(self.theirs(0, late_s=second) for second in range(25)), tolerance_start_s=60)
        self.assertEqual((statement.matched_count, statement.only_ours_count), (25, 0))

    def test_what_lies_beyond_the_tolerance_is_another_call(self):
        self.ours(0, ring_s=0)
        for late_s, expected in ((10, 1), (11, 0)):
            statement = self.compared(self.theirs(0, late_s=late_s), tolerance_start_s=10)
            self.assertEqual(statement.matched_count, expected, late_s)

    def test_a_start_by_set_up_or_by_answer_finds_a_call_that_rang_for_long(self):
        self.ours(0, ring_s=50)
        for start_is, late_s, expected in (
            ("any", 0, 1), ("any", 50, 1), ("setup", 0, 1), ("setup", 50, 0), ("answer", 50, 1), ("answer", 0, 0),
        ):  # fmt: skip
            statement = self.compared(self.theirs(0, late_s=late_s), start_is=start_is)
            self.assertEqual(statement.matched_count, expected, (start_is, late_s))

    def test_the_period_bounds_what_only_we_have_in_the_zone_of_the_file(self):
        self.ours(-12 * 60 + 30)  # 00:30 UTC on the 2nd, 19:30 on the 1st in New York
        self.ours(12 * 60 - 30)  # 23:30 UTC on the 2nd, 18:30 there
        self.ours(0)
        statement = self.compared(
            self.theirs(-5 * 60), date_from="2026-03-02", date_to="2026-03-02", timezone="America/New_York"
        )
        self.assertEqual((statement.matched_count, statement.only_ours_count), (1, 1))

    def test_a_call_in_the_file_beyond_the_period_is_named_so(self):
        statement = self.compared(
            self.theirs(0), self.theirs(3 * 24 * 60), date_from="2026-03-02", date_to="2026-03-02"
        )
        self.assertEqual((statement.only_theirs_count, statement.outside_count), (1, 1))

    def test_calls_in_are_held_against_what_the_carrier_pays(self):
        self.ours(0, direction="inbound", micro=4_000)
        self.ours(1, direction="outbound")
        statement = self.compared(self.theirs(0, cost="0.004"), direction="inbound")
        self.assertEqual((statement.matched_count, statement.only_ours_count), (1, 0))

    def test_lines_that_say_their_direction_are_compared_by_it(self):
        self.ours(0, direction="inbound", micro=4_000)
        self.ours(1)
        text = f"{HEADER},Direction\n{self.theirs(0, cost='0.004')},%s\n{self.theirs(1)},%s\n"
        for words, swapped in ((("in", "out"), False), (("Outbound", "Inbound"), True)):
            statement = self.upload(text % words, directions_swapped=swapped)
            self.assertEqual(statement.direction, "column")
            statement.action_compare()
            self.assertEqual(statement.matched_count, 2, statement.message)

    def test_billed_seconds_are_held_against_billed_seconds(self):
        self.ours(0, seconds=61, carrier_billed_s=120)
        line = self.theirs(0, seconds=120)
        statement = self.upload(f"{HEADER.replace('Duration', 'Billed Seconds')}\n{line}\n")
        self.assertEqual(statement.seconds_are, "billed")
        statement.action_compare()
        self.assertEqual(statement.matched_count, 1)
        statement.seconds_are = "talked"
        statement.action_compare()
        self.assertEqual((statement.matched_count, statement.seconds_count), (0, 1))

    def test_a_leg_whose_end_nobody_heard_explains_its_difference(self):
        self.ours(0, seconds=55, terms={"note": "ended by sweep"})
        statement = self.compared(self.theirs(0, seconds=300))
        line = self.env["telecom.carrier.statement.line"].search([("statement_id", "=", statement.id)])
        self.assertEqual((line.result, line.seconds_difference, line.note), ("seconds", 245, "ended by sweep"))

    def test_comparing_again_replaces_the_result(self):
        statement = self.compared(self.theirs(0))
        self.assertEqual(statement.only_theirs_count, 1)
        self.ours(0)
        statement.action_compare()
        self.assertEqual(self.results(statement), [("matched", 2, "442079460000", 60, 60)])

    def test_what_only_they_have_gets_its_destination_by_the_longest_prefix(self):
        group = self.env["telecom.destination.group"].create({"name": "Test"})
        for name, prefix in (("Short", "8881"), ("Long", "888123")):
            destination = self.env["telecom.destination"].create(
                {"name": name, "group_id": group.id, "network_type": "fixed"}
            )
            self.env["telecom.destination.prefix"].create({"prefix": prefix, "destination_id": destination.id})
        statement = self.compared(self.theirs(0, called="888123456"), self.theirs(1, called="888199999"))
        lines = self.env["telecom.carrier.statement.line"].search([("statement_id", "=", statement.id)])
        self.assertEqual(lines.mapped("destination_id.name"), ["Long", "Short"])
        groups = lines.formatted_read_group(
            [("statement_id", "=", statement.id)],
            ["day:day", "destination_id"],
            ["their_seconds:sum", "their_cost:sum"],
        )
        self.assertEqual([one["their_seconds:sum"] for one in groups], [60, 60])

    def test_columns_and_settings_are_remembered_for_the_carrier(self):
        text = f"Ziel;Wann;Wie lang;Preis\n442079460000;{BEGIN:%d.%m.%Y %H:%M};1:00;0,01\n"
        statement = self.upload(text)
        with self.assertRaisesRegex(UserError, "Ziel, Wann, Wie lang, Preis"):
            statement.action_compare()
        for column, meaning in zip(statement.column_ids, ("called", "start", "seconds", "cost"), strict=True):
            column.meaning = meaning
        statement.write({"date_order": "dmy", "tolerance_start_s": 59})
        self.ours(0)
        statement.action_compare()
        self.assertEqual(statement.matched_count, 1, statement.message)
        again = self.upload(text)
        self.assertEqual(again.column_ids.mapped("meaning"), ["called", "start", "seconds", "cost"])
        self.assertEqual((again.date_order, again.tolerance_start_s), ("dmy", 59))

    def test_a_big_file_waits_for_the_job(self):
        self.patch(type(self.env["telecom.carrier.statement"]), "_data", lambda _self: self.big)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0)  # no commit in a test
        self.big = f"{HEADER}\n{self.theirs(0)}\n".encode() + b"\n" * (3 * 2**20)
        statement = self.upload("x")
        statement.action_compare()
        self.assertEqual((statement.state, statement.their_calls), ("queued", 0))
        self.env["telecom.carrier.statement"]._compare_queued()
        self.assertEqual((statement.state, statement.their_calls), ("done", 1))

    def test_who_may_do_what(self):
        self.ours(0)
        statement = self.compared(self.theirs(0))
        auditor, support = self.staff("auditor"), self.staff("support")
        self.assertEqual(statement.with_user(auditor).matched_count, 1)
        self.assertTrue(self.env["telecom.carrier.statement.line"].with_user(auditor).search([]))
        with self.assertRaises(AccessError):
            statement.with_user(auditor).action_compare()
        with self.assertRaises(AccessError):
            statement.with_user(support).read(["name"])
        for name in ("accountant", "pricing"):
            mine = statement.with_user(self.staff(name)).copy({"file": statement.file, "filename": f"{name}.csv"})
            mine.action_compare()
            self.assertEqual(mine.matched_count, 1)
        with self.assertRaises(AccessError):
            self.env["telecom.carrier.statement.line"].with_user(self.staff("admin")).search([]).unlink()

    def test_the_result_is_exported(self):
        self.ours(0)
        statement = self.compared(self.theirs(0, seconds=75))
        lines = self.env["telecom.carrier.statement.line"].search([("statement_id", "=", statement.id)])
        rows = lines.export_data(["line", "result", "called", "their_seconds", "our_seconds", "their_cost"])["datas"]
        self.assertEqual(rows, [[2, "Other Seconds", "442079460000", 75, 60, 0.01]])

    def test_thousands_of_lines_in_seconds(self):
        """10,000 legs and lines; 200,000 were measured: 6 s, 15 MB more memory (docs/features.md)."""
        self.env.cr.execute(
            """
            insert into telecom_call_record (leg_uniqueid, direction, started_at, answered_at, ended_at, duration_us,
                e164, carrier_id, disposition, answered_s, carrier_billed_s, carrier_cost_micro, carrier_currency)
            select 'many-' || n, 'outbound', at, at + interval '5 s', at + interval '65 s', 60000000,
                (442079000000 + n %% 3000)::text, %s, 'answered', 60, 60, 10000, 'EUR'
            from (select n, %s::timestamptz + n * interval '1 s' as at from generate_series(1, 10000) n) calls
            """,
            [self.baltic.id, BEGIN],
        )
        text = StringIO()
        text.write(HEADER + "\n")
        for n in range(1, 10_001):
            start = BEGIN + timedelta(seconds=n + 5)
            seconds = 60 if n % 100 else 90
            text.write(f"{442079000000 + n % 3000},{start:%Y-%m-%d %H:%M:%S},{seconds},0.01,EUR\n")
        began = time.monotonic()
        statement = self.upload(text.getvalue())
        statement.action_compare()
        self.assertEqual((statement.matched_count, statement.seconds_count), (9_900, 100))
        self.assertLess(time.monotonic() - began, 60)
