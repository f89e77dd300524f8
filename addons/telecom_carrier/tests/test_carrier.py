from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import CarrierCase


@tagged("post_install", "-at_install")
class TestCarrier(CarrierCase):
    def test_a_carrier_is_the_owners(self):
        self.assertEqual(self.baltic.company_id, self.owner)
        with self.assertRaisesRegex(ValidationError, "Carriers and routes belong to"):
            self.add_carrier("North's own", company_id=self.north.id)

    def test_the_currency_of_the_company_is_taken(self):
        carrier = self.env["telecom.carrier"].create({"name": "Plain", "company_id": self.owner.id})
        self.assertEqual(carrier.currency_id, self.owner.currency_id)

    def test_the_supplier_is_not_another_tenants_contact(self):
        with self.assertRaisesRegex(ValidationError, "must be a contact of"):
            self.baltic.partner_id = self.acme.partner_id
        self.baltic.partner_id = self.school.partner_id

    def test_names_are_unique_and_decimals_bounded(self):
        for constraint, values in (
            ("name_unique", {"name": "Baltic Carrier"}),
            ("decimals_bounds", {"name": "Fine", "rounding_decimals": 7}),
            ("decimals_bounds", {"name": "Fine", "rounding_decimals": -1}),
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, constraint),
                self.env.cr.savepoint(),
            ):
                self.add_carrier(**values)

    def test_the_currency_stays_once_there_is_a_deck(self):
        dollar = self.env.ref("base.USD")
        self.baltic.currency_id = dollar
        self.add_price("99921")
        with self.assertRaisesRegex(UserError, "delete its prices first"):
            self.baltic.currency_id = self.euro
        self.baltic.write({"currency_id": dollar.id, "name": "Same Currency"})

    def test_a_carrier_with_trunks_or_prices_is_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.baltic.unlink()
        plain = self.add_carrier("Plain")
        price = self.add_price("99921", carrier=plain)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            plain.unlink()
        price.unlink()
        plain.unlink()
        self.assertFalse(plain.exists())
