from odoo.addons.telecom_wallet.tests.common import WalletCase

# charging.md: a call of 75 s from Acme, customer of reseller North, which is a customer of the owner
CUSTOMER_MICRO, RESELLER_MICRO, CARRIER_MICRO = 43_800, 35_000, 12_500


class CallCase(WalletCase):
    def leg(self, number=1, *, charges=None, **values):
        """Build one ended leg as the bridge hands it over: 75 s, charged to Acme (0.0438) and North (0.035)."""
        if charges is None:
            charges = [
                self.charge(0, self.acme, CUSTOMER_MICRO),
                self.charge(1, self.north_account, RESELLER_MICRO),
            ]
        return {
            "leg_uniqueid": f"a-1763935936.{number}",
            "direction": "outbound",
            "started_at": "2025-11-23T22:12:16+00:00",
            "answered_at": "2025-11-23T22:12:20.5+00:00",
            "ended_at": "2025-11-23T22:13:35.5+00:00",
            "duration_us": 75_000_000,
            "node": "a",
            "linkedid": "a-1763935936.0",
            "call_ref": f"a-1763935936.{number}-1",
            "attempt": 1,
            "account_id": self.acme.id,
            "company_id": self.north.id,
            "phone_id": None,
            "number_id": None,
            "from_number": "442079460101",
            "dialled": "02079460000",
            "e164": "442079460000",
            "destination_id": None,
            "carrier_id": None,
            "trunk_id": None,
            "hangup_cause": 16,
            "disposition": "answered",
            "answered_s": 75,
            "carrier_billed_s": 75,
            "carrier_cost_micro": CARRIER_MICRO,
            "carrier_currency": "EUR",
            "terms": {"route": [3]},
            "charges": charges,
            "release": True,
            **values,
        }

    def charge(self, level, account, net_micro, tax_micro=0, **values):
        return {
            "level": level,
            "account_id": account.id,
            "company_id": account.company_id.id,
            "plan_id": None,
            "currency": "EUR",
            "billed_s": 75,
            "net_micro": net_micro,
            "tax_micro": tax_micro,
            "gross_micro": net_micro + tax_micro,
            "terms": {},
            **values,
        }

    def settle(self, *legs):
        answers = self.call("telecom_call_settle", list(legs))
        self.env.invalidate_all()
        return [answer["outcome"] for answer in answers]

    def charges(self, leg_uniqueid="a-1763935936.1"):
        return self.env["telecom.call.charge"].search([("leg_uniqueid", "=", leg_uniqueid)], order="level")
