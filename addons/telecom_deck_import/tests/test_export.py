import base64
from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PricesCase


@tagged("post_install", "-at_install")
class TestExport(PricesCase):
    """What is exported and imported again changes nothing, in every kind of file."""

    def setUp(self):
        super().setUp()
        self.price("441", 0.012345, connect_fee=0.07, first_increment_s=30, next_increment_s=6, included_s=10)
        self.price("442", 0.5, valid_from=datetime(2026, 1, 1, 10, 11, 12), valid_to=datetime(2026, 8, 1))
        self.price("442", 0.6, valid_from=datetime(2026, 8, 1))
        self.price("443", 0.1)
        self.price("443", 0.3, valid_from=datetime(2026, 5, 1))
        self.price("444", 0.1, valid_to=datetime(2026, 5, 1))
        self.price("445", 1000000, price_unit_s=1)
        self.price("446", 0.000001, valid_from=datetime(2027, 1, 1))
        self.price("447", 0.1)
        self.price("447", 0.2, valid_from=datetime(2026, 5, 1), valid_to=datetime(2026, 7, 1))

    def export(self, kind, **target):
        wizard = self.env["telecom.price.export"].create({"kind": kind, **(target or {"carrier_id": self.baltic.id})})
        action = wizard.action_export()
        self.assertRegex(action["url"], "field=file&.*download=true")
        self.assertTrue(wizard.filename.endswith(f".{kind}"))
        return base64.b64decode(wizard.with_context(bin_size=False).file)

    def test_imported_again_everything_is_unchanged(self):
        before = self.whole_deck()
        for kind in ("csv", "xlsx", "xls", "ods"):
            with self.subTest(kind=kind):
                one = self.upload(self.export(kind), filename=f"deck.{kind}")
                one.action_verify()
                self.assertEqual((one.state, self.problems(one)), ("verified", []))
                self.assertEqual(self.counts(one), {"unchanged": 8})
                one.action_apply()
                self.assertEqual(self.whole_deck(), before)

    def test_imported_into_an_empty_deck_it_is_the_same_prices(self):
        data = self.export("csv")
        other = self.env["telecom.carrier"].create(
            {"name": "Other", "company_id": self.owner_company.id, "currency_id": self.baltic.currency_id.id}
        )
        one = self.upload(data)
        one.carrier_id = other
        one.action_verify()
        one.action_apply()
        again = self.export("csv", carrier_id=other.id).decode().splitlines()
        terms = [line.rsplit(",", 3)[0] for line in data.decode().splitlines()]
        self.assertEqual([line.rsplit(",", 3)[0] for line in again], terms)

    def test_more_rows_than_the_format_holds(self):
        self.env.cr.execute(
            """
            insert into telecom_deck_rate (carrier_id, prefix, price_micro)
            select %s, 1000000 + number, 1 from generate_series(1, 66000) number
            """,
            [self.baltic.id],
        )
        with self.assertRaisesRegex(UserError, "at most 65,535 rows: choose .csv"):
            self.export("xls")
