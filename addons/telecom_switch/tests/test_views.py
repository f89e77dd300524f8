import hashlib

from odoo.tests import tagged

from .common import SwitchCase


@tagged("post_install", "-at_install")
class TestAccountViews(SwitchCase):
    def test_an_account_has_its_numbering_and_the_account_above_it(self):
        row = self.row("switch_v1_account", account_id=self.account.id)
        self.assertEqual(row["company_id"], self.reseller.id)
        self.assertEqual(row["parent_account_id"], self.reseller_account.id)
        self.assertEqual((row["mode"], row["state"], row["taxes"]), ("prepaid", "active", None))
        self.assertEqual((row["country_code"], row["national_prefix"], row["international_prefix"]), ("44", "0", "00"))
        self.assertEqual(set(row["emergency_numbers"]), {"112", "999"})
        above = self.row("switch_v1_account", account_id=self.reseller_account.id)
        self.assertIsNone(above["parent_account_id"])

    def test_an_account_has_its_inbound_plan(self):
        self.assertIsNone(self.row("switch_v1_account", account_id=self.account.id)["inbound_plan_id"])
        plan = self.env["telecom.rate.plan"].create(
            {"company_id": self.reseller.id, "name": "Numbers", "direction": "inbound", "rounding_method": "half_up"}
        )
        self.account.inbound_rate_plan_id = plan
        row = self.row("switch_v1_account", account_id=self.account.id)
        self.assertEqual((row["inbound_plan_id"], row["plan_id"]), (plan.id, self.account.rate_plan_id.id or None))

    def test_a_country_without_numbering_plan_still_has_a_row(self):
        antarctica = self.open_account(self.owner, "Far South", country_id=self.env.ref("base.aq").id)
        row = self.row("switch_v1_account", account_id=antarctica.id)
        self.assertEqual((row["country_code"], row["national_prefix"], row["emergency_numbers"]), (None, "", []))

    def make_tax(self, name, amount, **values):
        country = self.env.ref("base.uk").id
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "company_id": self.owner.id, "country_id": country}
        )
        return self.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": self.owner.id,
                "country_id": self.env.ref("base.uk").id,
                "tax_group_id": group.id,
                "price_include_override": "tax_excluded",
                **values,
            }
        )

    def test_taxes_are_whole_numbers_in_their_order(self):
        levy = self.make_tax("Levy", 0.05, amount_type="fixed", sequence=2)
        vat = self.make_tax("VAT 17.5%", 17.5, include_base_amount=True, is_base_affected=False)
        taxed = self.open_account(self.owner, "Taxed", tax_ids=(levy | vat).ids)
        row = self.row("switch_v1_account", account_id=taxed.id)
        first = {"tax_id": vat.id, "name": "VAT 17.5%", "amount_type": "percent", "amount": 175_000}
        second = {"tax_id": levy.id, "name": "Levy", "amount_type": "fixed", "amount": 50_000}
        flags = {"include_base_amount": True, "is_base_affected": False}
        self.assertEqual((row["taxes"], row["price_taxes"]), ([first | flags, second], None))
        vat.price_include_override = "tax_included"
        self.assertIs(self.row("switch_v1_account", account_id=taxed.id)["taxes"][0]["price_include"], True)

    def test_a_fiscal_position_puts_other_taxes_in_their_place(self):
        vat = self.make_tax("VAT 20%", 20, price_include_override="tax_included")
        none = self.env["account.fiscal.position"].create({"name": "Exempt", "company_id": self.owner.id})
        taxed = self.open_account(self.owner, "Diplomat", tax_ids=vat.ids)
        taxed.partner_id.with_company(self.owner).property_account_position_id = none
        row = self.row("switch_v1_account", account_id=taxed.id)
        self.assertEqual((row["taxes"], [tax["tax_id"] for tax in row["price_taxes"]]), (None, vat.ids))

    def test_a_telephone_tells_its_accounts_state(self):
        row = self.row("switch_v1_phone", phone_id=self.phone.id)
        self.assertEqual((row["endpoint"], row["extension"], row["state"]), (self.endpoint, "101", "active"))
        self.account.action_suspend()
        self.assertEqual(self.row("switch_v1_phone", phone_id=self.phone.id)["state"], "suspended")
        self.phone.active = False
        self.assertIsNone(self.row("switch_v1_phone", phone_id=self.phone.id))

    def test_a_number_names_what_it_rings(self):
        target = self.env["telecom.dial.target"].search([("phone_id", "=", self.phone.id)])
        values = {"company_id": self.reseller.id, "account_id": self.account.id}
        number = self.env["telecom.number"].create({**values, "e164": "442079460999", "target_id": target.id})
        self.phone.cli_number_id = number
        row = self.row("switch_v1_number", e164="442079460999")
        self.assertEqual((row["target_kind"], row["target_endpoint"]), ("phone", self.endpoint))
        self.assertEqual(self.row("switch_v1_phone", phone_id=self.phone.id)["cli_e164"], "442079460999")

        self.phone.active = False
        row = self.row("switch_v1_number", e164="442079460999")
        self.assertEqual((row["target_kind"], row["target_endpoint"]), (None, None))

        number.target_id = self.env["telecom.dial.target"].create(
            {"account_id": self.account.id, "kind": "external", "external_number": "447700900123"}
        )
        row = self.row("switch_v1_number", e164="442079460999")
        self.assertEqual((row["target_kind"], row["target_external"]), ("external", "447700900123"))

        number.active = False
        self.assertIsNone(self.row("switch_v1_number", e164="442079460999"))

    def test_limits_are_told_and_empty_ones_are_null(self):
        names = ("max_calls_outbound", "max_calls_inbound", "max_calls_per_second")
        row = self.row("switch_v1_account", account_id=self.account.id)
        self.assertEqual([row[name] for name in names], [None] * 3)
        self.account.write(dict(zip(names, (3, 2, 1), strict=True)))
        row = self.row("switch_v1_account", account_id=self.account.id)
        self.assertEqual([row[name] for name in names], [3, 2, 1])
        number = self.env["telecom.number"].create({"e164": "442079460988", "max_calls_inbound": 4})
        self.assertEqual(self.row("switch_v1_number", number_id=number.id)["max_calls_inbound"], 4)
        trunk = self.add_trunk(max_channels=30)
        row = self.row("switch_v1_trunk", trunk_id=trunk.id)
        self.assertEqual((row["max_channels"], row["max_calls_per_second"]), (30, None))


@tagged("post_install", "-at_install")
class TestAsteriskViews(SwitchCase):
    PHONE_VIEWS = ("asterisk.ps_endpoints", "asterisk.ps_auths", "asterisk.ps_aors")

    def present(self, endpoint):
        return [self.row(view, id=endpoint) is not None for view in self.PHONE_VIEWS]

    def test_a_telephone_registers_with_the_digest(self):
        auth = self.row("asterisk.ps_auths", id=self.endpoint)
        digest = hashlib.md5(f"{self.endpoint}:bss:correct-horse-99".encode(), usedforsecurity=False).hexdigest()
        self.assertEqual((auth["auth_type"], auth["md5_cred"], auth["realm"]), ("md5", digest, "bss"))
        self.assertIsNone(auth["password"])
        endpoint = self.row("asterisk.ps_endpoints", id=self.endpoint)
        self.assertEqual((endpoint["context"], endpoint["allow"]), ("from-phone", "alaw,ulaw,g722"))
        self.assertIsNone(endpoint["outbound_auth"])
        aor = self.row("asterisk.ps_aors", id=self.endpoint)
        self.assertEqual((aor["max_contacts"], aor["remove_existing"], aor["contact"]), (1, "yes", None))

    def test_suspended_registers_closed_or_archived_does_not(self):
        self.assertEqual(self.present(self.endpoint), [True, True, True])
        self.account.action_suspend()
        self.assertEqual(self.present(self.endpoint), [True, True, True])
        self.account.action_close()
        self.assertEqual(self.present(self.endpoint), [False, False, False])

    def test_without_password_nothing_registers(self):
        bare = self.env["telecom.phone"].create({"account_id": self.account.id, "name": "B", "extension": "102"})
        self.assertEqual(self.present(bare.sip_username), [False, False, False])
        bare.action_new_password()
        self.assertEqual(self.present(bare.sip_username), [True, True, True])
        bare.active = False
        self.assertEqual(self.present(bare.sip_username), [False, False, False])

    def test_a_trunk_is_an_endpoint_with_its_address(self):
        trunk = self.add_trunk(
            transport="tcp", username="me", new_password="secret-words", match_ips="192.0.2.7, 192.0.2.8"
        )
        name = f"trunk-{trunk.id}"
        endpoint = self.row("asterisk.ps_endpoints", id=name)
        self.assertEqual((endpoint["context"], endpoint["auth"], endpoint["outbound_auth"]), ("from-trunk", None, name))
        self.assertEqual(self.row("asterisk.ps_aors", id=name)["contact"], "sip:192.0.2.7:5062^3Btransport=tcp")
        auth = self.row("asterisk.ps_auths", id=name)
        self.assertEqual((auth["auth_type"], auth["username"], auth["password"]), ("userpass", "me", "secret-words"))
        self.assertEqual(self.row("asterisk.ps_endpoint_id_ips", id=name)["match"], "192.0.2.7,192.0.2.8")

    def test_a_trunk_without_user_name_has_no_auth(self):
        trunk = self.add_trunk()
        name = f"trunk-{trunk.id}"
        self.assertIsNone(self.row("asterisk.ps_auths", id=name))
        self.assertIsNone(self.row("asterisk.ps_endpoints", id=name)["outbound_auth"])
        self.assertEqual(self.row("asterisk.ps_aors", id=name)["contact"], "sip:192.0.2.7:5062")
        self.assertEqual(self.row("asterisk.ps_endpoint_id_ips", id=name)["match"], "192.0.2.7")

    def test_an_archived_trunk_or_carrier_is_gone(self):
        trunk = self.add_trunk()
        self.assertEqual(self.row("switch_v1_trunk", trunk_id=trunk.id)["state"], "active")
        trunk.active = False
        self.assertIsNone(self.row("asterisk.ps_endpoints", id=f"trunk-{trunk.id}"))
        self.assertEqual(self.row("switch_v1_trunk", trunk_id=trunk.id)["state"], "inactive")
        trunk.active = True
        trunk.carrier_id.active = False
        self.assertIsNone(self.row("asterisk.ps_aors", id=f"trunk-{trunk.id}"))
        self.assertEqual(self.row("switch_v1_trunk", trunk_id=trunk.id)["state"], "inactive")
