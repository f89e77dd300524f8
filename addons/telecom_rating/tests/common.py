from odoo.addons.telecom_base.tests.common import TelecomCase


class RatingCase(TelecomCase):
    """Testland (country code 999, which no country has) fixed and mobile, and an island that nobody sells.

    The owner's wholesale plan has own prices: fixed 0.02 a minute with a fee of 0.01, by the second; mobile 0.04 a
    minute, first minute whole. North's plan marks them up by 25 %, mobile by 10 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.testland = cls.env["telecom.destination.group"].create({"name": "Testland"})
        cls.fixed = cls.add_destination("Testland fixed", "999")
        cls.mobile = cls.add_destination("Testland mobile", "99917 99918", network_type="mobile")
        cls.island = cls.add_destination("Testland island", "88866")
        cls.wholesale = cls.add_plan(cls.owner, "Wholesale")
        cls.add_rate(cls.wholesale, cls.fixed, connect_fee=0.01, price=0.02)
        cls.add_rate(cls.wholesale, cls.mobile, price=0.04, first_increment_s=60)
        cls.north_account.rate_plan_id = cls.wholesale
        cls.standard = cls.add_plan(
            cls.north, "Standard", base="parent", default_method="percent", default_percent=25.0
        )
        cls.markup = cls.add_rate(cls.standard, cls.mobile, method="percent", percent=10.0)

    @classmethod
    def add_destination(cls, name, prefixes, **values):
        return cls.env["telecom.destination"].create(
            {"name": name, "group_id": cls.testland.id, "prefixes": prefixes, **values}
        )

    @classmethod
    def add_plan(cls, company, name, **values):
        return cls.env["telecom.rate.plan"].create(
            {
                "company_id": company.id,
                "name": name,
                "currency_id": cls.euro.id,
                "timezone": "Europe/London",
                "rounding_method": "half_up",
                "rounding_decimals": 4,
                **values,
            }
        )

    @classmethod
    def add_rate(cls, plan, destination, **values):
        if destination:
            values["destination_id"] = destination.id
        return cls.env["telecom.rate"].create({"plan_id": plan.id, **values})

    def preview(self, plan, number, seconds, answered_at="2026-03-02 10:00:00"):
        return self.env["telecom.rate.preview"].create(
            {"plan_id": plan.id, "number": number, "seconds": seconds, "answered_at": answered_at}
        )
