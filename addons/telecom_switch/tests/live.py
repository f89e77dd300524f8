import json

from telecom_switch_bridge.core.rating import Rounding, Step, Tariff, always, tariff_to_json

from .common import SwitchCase

VAT = {"tax_id": 1, "name": "VAT 20%", "amount_type": "percent", "amount": 200_000}


def tariff(price_micro, fee_micro=0):
    """Return a frozen price per minute, by the second, rounded to 4 decimals."""
    bands = (always(fee_micro, [Step(0, price_micro, 60, 1)]),)
    return tariff_to_json(Tariff("UTC", bands, Rounding("half_up", 4)))


class LiveCase(SwitchCase):
    """A call of the reseller's customer: 0.0125 + 0.025 a minute, the reseller 0.01 + 0.02, the carrier 0.01."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("delete from telecom_leg_open")
        cls.env.cr.execute("delete from telecom_reservation")
        cls.carrier = cls.env["telecom.carrier"].create(
            {"name": "Live Carrier", "company_id": cls.owner.id, "currency_id": cls.currency.id}
        )
        cls.trunk = cls.env["telecom.trunk"].create(
            {"name": "Live Trunk", "carrier_id": cls.carrier.id, "host": "192.0.2.8", "port": 5060}
        )

    def level(self, number, account, price, fee, **rule):
        return {
            "level": number,
            "account_id": account.id,
            "company_id": account.company_id.id,
            "plan_id": None,
            "rate_id": None,
            "currency": self.currency.name,
            **rule,
            "free": False,
            "tariff": tariff(price, fee),
        }

    def terms(self, account=None, **values):
        account = account or self.account
        return {
            "direction": "outbound",
            "account_id": account.id,
            "company_id": account.company_id.id,
            "phone_id": self.phone.id,
            "from_number": "442079460101",
            "dialled": "02079460000",
            "e164": "442079460000",
            "destination_id": None,
            "levels": [
                self.level(0, account, 25_000, 12_500),
                self.level(1, self.reseller_account, 20_000, 10_000),
            ],
            "routes": [
                {
                    "dial": "PJSIP/x",
                    "trunk_id": self.trunk.id,
                    "carrier_id": self.carrier.id,
                    "currency": self.currency.name,
                    "duration_rule": "up",
                    "tariff": tariff(10_000),
                }
            ],
            **values,
        }

    def start_call(self, call_ref="n-1763935936.1-1", node="n", granted_s=120, **terms):
        """Let a call ring; return its row."""
        self.env.cr.execute(
            "insert into telecom_reservation"
            " (call_ref, node, channel_uniqueid, account_ids, amounts_micro, granted_s, frozen)"
            " values (%s, %s, %s, '{}', '{}', %s, %s)",
            [call_ref, node, call_ref.rpartition("-")[0], granted_s, json.dumps(self.terms(**terms))],
        )
        return self.find(call_ref)

    def answer(self, call, seconds_ago, attempt=1):
        """Let it have been answered so long ago."""
        self.env.cr.execute(
            "insert into telecom_leg_open (leg_uniqueid, node, call_ref, attempt, answered_at)"
            " values (%s, %s, %s, %s, clock_timestamp() - make_interval(secs => %s))",
            [f"{call.call_ref}-leg", call.node, call.call_ref, attempt, seconds_ago],
        )
        self.env.invalidate_all()
        return call

    def find(self, call_ref):
        self.env.invalidate_all()
        return self.env["telecom.live.call"].search([("call_ref", "=", call_ref)])

    def commands(self):
        self.env.cr.execute("select * from telecom_switch_command order by id")
        return self.env.cr.dictfetchall()
