from datetime import UTC, datetime
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from random import Random

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from telecom_switch_bridge.core.rating import ChargeRule, Step, Tariff, always, charge_of, price_call
from telecom_switch_bridge.core.tax import Tax, TaxError, shares_of

from .common import TelecomCase

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestTaxes(TelecomCase):
    """Taxes of calls are the seller's own, mapped as on its invoices, and come out as Odoo would work them out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["account.tax.group"].create(
            {"name": "Test", "company_id": cls.owner.id, "country_id": cls.country.id}
        )
        cls.env["account.fiscal.position"].search([("company_id", "=", cls.owner.id)]).active = False
        cls.vat = cls.tax("VAT 20%", 20)
        cls.levy = cls.tax("Levy", 0.05, amount_type="fixed", sequence=3)

    @classmethod
    def tax(cls, name, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": cls.owner.id,
                "country_id": cls.country.id,
                "tax_group_id": cls.group.id,
                "price_include_override": "tax_excluded",
                **values,
            }
        )

    def position(self, name, **values):
        return self.env["account.fiscal.position"].create({"name": name, "company_id": self.owner.id, **values})

    # -- which taxes ---------------------------------------------------------------------------------------------

    def test_several_taxes_are_charged_as_chosen(self):
        self.school.tax_ids = self.vat | self.levy
        self.assertEqual(self.school.levied_tax_ids, self.vat | self.levy)
        self.assertFalse(self.school.price_tax_ids or self.school.fiscal_position_id)

    def test_a_group_is_taken_apart(self):
        group = self.tax("Both", 0, amount_type="group", children_tax_ids=[(6, 0, (self.vat | self.levy).ids)])
        self.school.tax_ids = group
        self.assertEqual(self.school.levied_tax_ids, self.vat | self.levy)

    def test_the_customers_own_fiscal_position_maps_them(self):
        abroad = self.position("Abroad")
        zero = self.tax("VAT 0%", 0, original_tax_ids=self.vat.ids, fiscal_position_ids=abroad.ids)
        self.school.tax_ids = self.vat | self.levy
        self.school.partner_id.with_company(self.owner).property_account_position_id = abroad
        self.assertEqual(self.school.fiscal_position_id, abroad)
        self.assertEqual(self.school.levied_tax_ids, zero | self.levy)
        self.assertEqual(self.school.price_tax_ids, self.vat | self.levy)
        zero.original_tax_ids = False
        self.assertEqual(self.school.levied_tax_ids, self.vat | self.levy)

    def test_a_position_that_finds_its_customers_follows_what_changes(self):
        self.school.tax_ids = self.vat
        self.school.partner_id.country_id = self.env.ref("base.de")
        self.assertFalse(self.school.fiscal_position_id)
        germany = self.position("Germany", auto_apply=True, country_id=self.env.ref("base.de").id)
        self.assertEqual((self.school.fiscal_position_id, self.school.levied_tax_ids.ids), (germany, []))
        self.school.partner_id.country_id = self.country
        self.assertEqual(self.school.levied_tax_ids, self.vat)
        germany.country_id = self.country
        self.assertFalse(self.school.levied_tax_ids)
        germany.unlink()
        self.assertEqual(self.school.levied_tax_ids, self.vat)

    def test_a_group_of_countries_may_change(self):
        union = self.env["res.country.group"].create({"name": "Union", "country_ids": self.country.ids})
        self.position("Union", auto_apply=True, country_group_id=union.id)
        self.school.partner_id.country_id = self.country
        self.school.tax_ids = self.vat
        self.assertFalse(self.school.levied_tax_ids)
        union.country_ids = self.env.ref("base.de")
        self.assertEqual(self.school.levied_tax_ids, self.vat)

    def test_the_form_begins_with_the_providers_usual_tax(self):
        self.owner.account_sale_tax_id = self.vat
        partner = self.env["res.partner"].create({"name": "New", "company_id": self.owner.id})
        form = Form(self.env["telecom.billing.account"].with_company(self.owner))
        form.partner_id = partner
        form.country_id = self.country
        account = form.save()
        self.assertEqual(account.tax_ids, self.vat)
        with Form(account) as form:
            form.tax_ids.clear()
        self.assertFalse(account.levied_tax_ids)

    def test_the_one_tax_of_older_databases_is_kept(self):
        cr = self.env.cr
        cr.execute("alter table telecom_billing_account add column if not exists tax_id integer")
        cr.execute("update telecom_billing_account set tax_id = %s where id = %s", [self.vat.id, self.school.id])
        path = file_path("telecom_base/migrations/19.0.1.1.0/post-taxes.py")
        spec = spec_from_file_location("post_taxes", path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        for _ in range(2):
            module.migrate(cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((self.school.tax_ids, self.school.levied_tax_ids), (self.vat, self.vat))
        cr.execute("select count(*) from telecom_account_levied_tax_rel where account_id = %s", [self.school.id])
        self.assertEqual(cr.fetchone(), (1,))

    # -- what is refused -----------------------------------------------------------------------------------------

    def test_what_calls_cannot_bear_is_refused_with_its_name(self):
        cases = {
            "no sales tax": {"type_tax_use": "purchase"},
            "Wrong: its amount must be from 0": {"amount": -1.0},
            "Wrong: a price by time cannot contain a flat": {
                "amount_type": "fixed", "amount": 1, "price_include_override": "tax_included"
            },
        }  # fmt: skip
        for words, wrong in cases.items():
            tax = self.tax("Wrong", **{"amount": 20.0, **wrong})
            with self.subTest(words=words), self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.school.tax_ids = tax
            self.school.invalidate_recordset()
            self.assertFalse(self.school.tax_ids)
            tax.name = f"Wrong {words}"

    def test_a_tax_of_another_company_is_refused(self):
        with self.assertRaises(UserError):
            self.acme.tax_ids = self.vat

    def test_reverse_charge_is_refused(self):
        parts = [("base", 100), ("tax", 100), ("tax", -100)]
        lines = [(0, 0, {"repartition_type": kind, "factor_percent": part}) for kind, part in parts]
        reverse = self.tax("Reverse", 20, invoice_repartition_line_ids=lines, refund_repartition_line_ids=lines)
        with self.assertRaisesRegex(ValidationError, "Reverse is distributed with negative parts"):
            self.school.tax_ids = reverse

    def test_a_group_that_would_change_the_order_is_refused(self):
        late = self.tax("Late", 5, sequence=9)
        group = self.tax("First", 0, amount_type="group", sequence=1, children_tax_ids=[(6, 0, late.ids)])
        with self.assertRaisesRegex(ValidationError, "group First would be charged in another order"):
            self.school.tax_ids = group | self.levy

    def test_a_tax_in_use_stays_one_that_calls_can_bear(self):
        self.school.tax_ids = self.vat
        with self.assertRaisesRegex(ValidationError, "its amount must be from 0"), self.env.cr.savepoint():
            self.vat.amount = -5
        self.vat.invalidate_recordset()
        with self.assertRaisesRegex(ValidationError, "charged on calls of 1 billing accounts"):
            self.vat.active = False

    # -- how much ------------------------------------------------------------------------------------------------

    def test_amounts_are_those_of_odoo(self):
        """Every pair of kinds and flags, and random threes, against `account.tax` itself (float, so 6 decimals)."""
        random = Random(28)
        kinds = [*product(("percent", "division", "fixed"), *[(False, True)] * 3)]
        self.assertGreater(sum(self.agrees(chosen) for chosen in product(kinds, kinds)), 200)
        self.assertGreater(sum(self.agrees(random.choices(kinds, k=3)) for _ in range(300)), 50)

    def agrees(self, kinds):
        """Compare the core with Odoo; False for a combination that calls do not bear."""
        rates = (19, 7.25, 3)
        taxes = [
            self.env["account.tax"].new(
                {
                    "name": f"T{place}", "amount": rates[place], "amount_type": kind, "sequence": place,
                    "price_include_override": "tax_included" if included else "tax_excluded",
                    "include_base_amount": base, "is_base_affected": affected, "company_id": self.owner.id,
                }
            )
            for place, (kind, included, base, affected) in enumerate(kinds)
        ]  # fmt: skip
        records = self.env["account.tax"].concat(*taxes)
        values = [
            Tax(place, f"T{place}", kind, round(rates[place] * (10_000 if kind != "fixed" else 1_000_000)), *flags)
            for place, (kind, *flags) in enumerate(kinds)
        ]
        try:
            shares = shares_of(values)
        except TaxError:
            return False
        details = records._get_tax_details(1_234.567, 1, rounding_method="round_globally")
        price = Fraction("1234567000")
        for share, data in zip(shares, details["taxes_data"], strict=True):
            self.assertAlmostEqual(float(share.of_price * price + share.flat) / 1e6, data["tax_amount"], 6, kinds)
        contained = sum((share.of_price * price for share in shares if share.contained), Fraction(0))
        if any(not share.contained for share in shares) or contained:
            self.assertAlmostEqual(float(price - contained) / 1e6, details["total_excluded"], 6, kinds)
        return True

    def test_prices_that_contain_another_tax_are_lowered_as_odoo_does(self):
        inside = self.tax("VAT 20% inside", 20, price_include_override="tax_included")
        other = self.tax("VAT 8% inside", 8, price_include_override="tax_included")
        hour = price_call(Tariff("UTC", (always(0, [Step(0, 1_234_560, 60, 60)]),)), AT, 60)
        for new in (self.env["account.tax"], other, self.vat):
            rule = ChargeRule(new._telecom_taxes(), inside._telecom_taxes())
            price = inside._adapt_price_unit_to_another_taxes(1.23456, self.env["product.product"], inside, new)
            net = new.compute_all(price, currency=self.env["res.currency"].new({"rounding": 1e-6, "name": "fine"}))
            charge = charge_of(hour, rule)
            self.assertAlmostEqual(charge.net_micro / 1e6, net["total_excluded"], 5)
            self.assertAlmostEqual(charge.gross_micro / 1e6, net["total_included"], 5)
