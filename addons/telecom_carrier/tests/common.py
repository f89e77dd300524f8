from odoo.addons.telecom_base.tests.common import TelecomCase


class CarrierCase(TelecomCase):
    """One carrier of the owner with one trunk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.baltic = cls.add_carrier("Baltic Carrier")
        cls.trunk = cls.add_trunk("Baltic Main")

    @classmethod
    def add_carrier(cls, name, **values):
        return cls.env["telecom.carrier"].create({"name": name, "currency_id": cls.euro.id, **values})

    @classmethod
    def add_trunk(cls, name, carrier=None, **values):
        return cls.env["telecom.trunk"].create(
            {"name": name, "carrier_id": (carrier or cls.baltic).id, "host": "192.0.2.7", **values}
        )

    @classmethod
    def add_price(cls, prefix, price=0.01, carrier=None, **values):
        return cls.env["telecom.deck.rate"].create(
            {"carrier_id": (carrier or cls.baltic).id, "prefix": prefix, "price": price, **values}
        )
