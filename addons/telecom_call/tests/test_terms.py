import json

from .common import CallCase

KEY, OTHER = "0" * 31 + "1", "0" * 31 + "2"
TARIFF = {"version": 1, "timezone": "UTC", "bands": [], "rounding": {"method": "half_up", "decimals": 4}}


class TestTerms(CallCase):
    def keep(self, keys, terms):
        self.env.cr.execute("select telecom_call_keep_terms(%s, %s)", [keys, json.dumps(terms)])

    def whole(self, frozen):
        self.env.cr.execute("select telecom_call_whole_terms(%s)", [json.dumps(frozen)])
        return self.env.cr.fetchone()[0]

    def test_terms_are_kept_once(self):
        self.keep([KEY, OTHER], [TARIFF, {"version": 2}])
        self.keep([KEY], [{"version": 3}])
        frozen = {"levels": [{"tariff": KEY, "level": 0}], "routes": [{"tariff": OTHER}, {"tariff": None}]}
        whole = self.whole({**frozen, "carrier_pays": None, "dialled": "1"})
        self.assertEqual(whole["levels"], [{"tariff": TARIFF, "level": 0}])
        self.assertEqual(whole["routes"], [{"tariff": {"version": 2}}, {"tariff": None}])
        self.assertEqual((whole["carrier_pays"], whole["dialled"]), (None, "1"))

    def test_terms_that_stand_there_themselves_stay(self):
        frozen = {"levels": [{"tariff": TARIFF}], "routes": [], "carrier_pays": {"tariff": TARIFF}}
        self.assertEqual(self.whole(frozen), frozen)

    def test_a_record_shows_its_terms_however_it_has_them(self):
        self.keep([KEY], [TARIFF])
        for number, tariff in enumerate((TARIFF, KEY, None), start=1):
            leg = self.leg(number, terms={"carrier_tariff": tariff})
            self.env.cr.execute("select telecom_call_settle(%s)", [json.dumps([leg])])
            record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", leg["leg_uniqueid"])])
            self.assertEqual(record.carrier_tariff_json or None, TARIFF if tariff else None)
