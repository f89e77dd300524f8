import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .live import VAT, LiveCase

STAFF = ("support", "pricing", "accountant", "auditor", "admin")


@tagged("post_install", "-at_install")
class TestLiveCalls(LiveCase):
    def staff(self, role):
        companies = self.owner | self.reseller
        return new_test_user(
            self.env, f"live_{role}", groups=f"telecom_base.group_{role}",
            company_id=self.owner.id, company_ids=[(6, 0, companies.ids)],
        )  # fmt: skip

    def as_user(self, call, user, companies=None):
        allowed = (companies or user.company_ids).ids
        return call.with_user(user).with_context(allowed_company_ids=allowed)

    def test_a_call_that_rings_costs_nothing_and_names_everything(self):
        call = self.start_call()
        self.assertEqual((call.state, call.seconds, call.charge, call.margin), ("ringing", 0, 0, 0))
        self.assertEqual((call.from_number, call.to_number), ("442079460101", "442079460000"))
        self.assertEqual((call.account_id, call.company_id), (self.account, self.reseller))
        self.assertEqual((call.carrier_id, call.trunk_id, call.phone_id), (self.carrier, self.trunk, self.phone))
        self.assertFalse(call.meter)

    def test_an_answered_call_costs_what_the_contract_says(self):
        call = self.answer(self.start_call(), 74.2)
        self.assertEqual((call.state, call.seconds), ("answered", 75))
        # 0.0125 + 75 x 0.025/60 = 0.04375, half up at 4; reseller 0.01 + 75 x 0.02/60 = 0.035; carrier 0.0125
        amounts = [round(amount, 6) for amount in (call.charge, call.carrier_cost, call.margin)]
        self.assertEqual(amounts, [0.0438, 0.0125, 0.0225])

    def test_the_amount_moves_between_two_looks(self):
        call = self.answer(self.start_call(), 10)
        first = call.charge
        self.env.cr.execute("update telecom_leg_open set answered_at = answered_at - interval '30 s'")
        self.env.invalidate_all()
        self.assertAlmostEqual(call.charge - first, 0.0125, places=6)

    def test_seconds_beyond_the_grant_are_charged_to_nobody(self):
        call = self.answer(self.start_call(granted_s=60), 90)
        self.assertGreaterEqual(call.seconds, 90)
        self.assertAlmostEqual(call.charge, 0.0375, places=6)

    def test_tax_is_in_the_charge_and_not_in_the_margin(self):
        levels = [self.level(0, self.account, 25_000, 12_500, taxes=[VAT])]
        call = self.answer(self.start_call(levels=levels), 59.5)
        self.assertEqual([round(call.charge, 6), round(call.margin, 6)], [0.045, 0.0275])

    def test_the_carrier_that_answered_is_shown(self):
        other = self.add_trunk(self.add_carrier(name="Second Carrier"))
        route = {**self.terms()["routes"][0], "carrier_id": other.carrier_id.id, "trunk_id": other.id}
        call = self.start_call(routes=[self.terms()["routes"][0], route])
        self.assertEqual(call.carrier_id, self.carrier)
        self.answer(call, 1, attempt=2)
        self.assertEqual((call.carrier_id, call.trunk_id), (other.carrier_id, other))

    def test_a_free_call_moves_its_seconds_only(self):
        call = self.answer(self.start_call(direction="internal", levels=[], routes=[{"dial": "PJSIP/y"}]), 4.5)
        self.assertEqual((call.seconds, call.charge, call.margin, call.carrier_id.id), (5, 0, 0, False))

    def test_another_currency_of_the_carrier_gives_no_margin(self):
        route = {**self.terms()["routes"][0], "currency": "XTS"}
        call = self.answer(self.start_call(routes=[route]), 10)
        self.assertFalse(call.cost_meter["same_currency"])
        self.assertEqual(call.margin, 0)

    def test_the_page_gets_plain_values(self):
        call = self.answer(self.start_call(), 1)
        json.dumps([call.meter, call.cost_meter])
        rows = self.env["telecom.live.call"].web_search_read([], {"meter": {}, "charge": {}, "account_id": {}})
        self.assertEqual(rows["length"], 1)

    def test_a_call_can_be_found_and_grouped(self):
        self.start_call()
        live = self.env["telecom.live.call"]
        for domain in ([("carrier_id", "=", self.carrier.id)], [("state", "=", "ringing")]):
            self.assertEqual(live.search_count(domain), 1)
        for field in ("account_id", "company_id", "carrier_id", "destination_id", "node"):
            self.assertEqual(live.formatted_read_group([], [field], ["__count"])[0]["__count"], 1)

    def test_every_role_of_the_staff_sees_calls_of_ticked_companies(self):
        call = self.start_call()
        for role in STAFF:
            with self.subTest(role=role):
                self.assertEqual(self.as_user(call, self.staff(role)).state, "ringing")
        auditor = self.env["res.users"].search([("login", "=", "live_auditor")])
        with self.assertRaises(AccessError):
            self.as_user(call, auditor, self.owner).read(["state"])

    def test_support_sees_seconds_and_costs_and_prices_only_when_given(self):
        answered, support = self.answer(self.start_call(), 10), self.staff("support")
        costs = ("cost_meter", "carrier_cost", "margin", "revenue_currency_id", "carrier_currency_id")
        call = self.as_user(answered, support)
        self.assertGreaterEqual(call.seconds, 10)
        self.assertIsNone(call.meter["charge"])
        self.refuse_to_read(call, "charge", *costs)
        auditor = self.as_user(answered, self.staff("auditor"))
        self.assertGreater(auditor.carrier_cost, 0)
        self.assertTrue(auditor.meter["charge"])
        support.group_ids += self.env.ref("telecom_base.group_prices")
        call = self.as_user(answered, support)
        self.assertGreater(call.charge, 0)
        self.assertTrue(call.meter["charge"])
        self.refuse_to_read(call, *costs)

    def refuse_to_read(self, call, *names):
        for name in names:
            with self.subTest(field=name), self.assertRaises(AccessError):
                call.read([name])

    def test_strangers_see_no_call_and_end_none(self):
        call = self.start_call()
        for group in ("telecom_base.group_reseller_admin", "telecom_base.group_customer_admin", "base.group_user"):
            stranger = new_test_user(self.env, f"live_{group.split('.')[1]}", groups=group)
            with self.subTest(group=group):
                for act in (
                    lambda user=stranger: call.with_user(user).read(["state"]),
                    lambda user=stranger: call.with_user(user).action_hang_up(),
                    lambda user=stranger: self.env["telecom.live.call"].with_user(user).watch(),
                    lambda user=stranger: self.env["telecom.switch.command"].with_user(user).search([]),
                ):
                    with self.assertRaises(AccessError):
                        act()
        self.assertEqual(self.commands(), [])

    # -- hanging up ------------------------------------------------------------------------------------------------

    def test_a_hang_up_is_a_row_that_says_who(self):
        call = self.start_call()
        support = self.staff("support")
        self.as_user(call, support).action_hang_up()
        (command,) = self.commands()
        self.assertEqual((command["node"], command["call_ref"]), ("n", call.call_ref))
        self.assertEqual((command["asked_by"], command["outcome"]), (support.id, None))
        self.assertEqual(call.state, "ending")
        page = self.env["telecom.switch.command"].search([])
        self.assertEqual((page.state, page.asked_by, page.account_id), ("open", support, self.account))

    def test_asked_twice_is_one_command(self):
        call = self.start_call()
        call.action_hang_up()
        call.action_hang_up()
        self.assertEqual(len(self.commands()), 1)

    def test_only_support_and_administrators_end_calls(self):
        call = self.start_call()
        for role in ("auditor", "pricing", "accountant"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_user(call, self.staff(role)).action_hang_up()
        self.assertEqual(self.commands(), [])
        self.as_user(call, self.staff("admin")).action_hang_up()
        self.assertEqual(len(self.commands()), 1)

    def test_support_ends_no_call_of_a_company_that_is_not_ticked(self):
        call = self.start_call()
        with self.assertRaises(AccessError):
            self.as_user(call, self.staff("support"), self.owner).action_hang_up()

    def test_a_call_that_is_over_cannot_be_ended(self):
        call = self.start_call()
        self.env.cr.execute("delete from telecom_reservation")
        with self.assertRaises(UserError):
            call.action_hang_up()

    # -- publishing ------------------------------------------------------------------------------------------------

    def test_watching_lasts_a_minute_and_tells_the_servers_clock(self):
        self.env.cr.execute("update telecom_live_watch set watched_until = '-infinity'")
        self.env.cr.execute("select extract(epoch from clock_timestamp()) * 1000")
        before = float(self.env.cr.fetchone()[0])
        self.assertAlmostEqual(self.env["telecom.live.call"].watch(), before, delta=2000)
        self.env.cr.execute("select watched_until - now() from telecom_live_watch")
        self.assertEqual(self.env.cr.fetchone()[0].total_seconds(), 60)

    def test_a_message_says_nothing_and_goes_to_the_staff_only(self):
        self.start_call()
        self.env.cr.execute("select telecom_live_publish()")
        payload = json.loads(self.env.cr.fetchone()[0])
        staff = self.env.ref("telecom_base.group_staff")
        self.assertEqual(payload, [[self.env.cr.dbname, "res.groups", staff.id]])
        found = self.env["bus.bus"]._poll([staff], last=self.env["bus.bus"].sudo()._bus_last_id() - 1)
        self.assertEqual([one["message"] for one in found], [{"type": "telecom_live_call", "payload": {}}])
        outsider = new_test_user(self.env, "live_outside", groups="telecom_base.group_reseller_admin")
        self.assertNotIn(staff, outsider.all_group_ids)
