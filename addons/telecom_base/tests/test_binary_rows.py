import numpy as np
from odoo.tests import TransactionCase, tagged

from ..tools.binary_rows import read_rows, write_rows


@tagged("post_install", "-at_install")
class TestBinaryRows(TransactionCase):
    """Whole numbers pass to PostgreSQL and back as they are."""

    def test_numbers_pass_as_they_are(self):
        types = {"a": "smallint", "b": "integer", "c": "bigint", "d": "boolean", "e": "timestamptz"}
        self.env.cr.execute(
            "create temporary table binary_rows (a smallint, b integer, c bigint, d boolean, e timestamptz)"
            " on commit drop"
        )
        arrays = [
            np.array([1, -2]), np.array([2**31 - 1, -5]), np.array([2**62, -(2**62)]), np.array([True, False]),
            np.array([0, 1_763_935_936_123_456]),
        ]  # fmt: skip
        write_rows(self.env.cr, "binary_rows", list(types), list(types.values()), arrays)
        back = read_rows(self.env.cr, "select a, b, c, d::int, e from binary_rows", [*list(types.values())[:3],
            "integer", "timestamptz"])  # fmt: skip
        for sent, got in zip(arrays, back, strict=True):
            self.assertEqual(list(map(int, sent)), got.tolist())
        self.env.cr.execute("select e at time zone 'UTC' from binary_rows limit 1")
        self.assertEqual(str(self.env.cr.fetchone()[0]), "1970-01-01 00:00:00")

    def test_an_empty_answer_and_nulls(self):
        (empty,) = read_rows(self.env.cr, "select 1::bigint where false", ["bigint"])
        self.assertEqual(len(empty), 0)
        with self.assertRaisesRegex(ValueError, "nulls"):
            read_rows(self.env.cr, "select null::bigint", ["bigint"])
