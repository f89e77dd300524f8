from odoo.addons.telecom_pbx.tests.common import PbxCase
from odoo.fields import Command


class ClassCase(PbxCase):
    """Accounts of PbxCase, and destinations of one country."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["telecom.destination.group"].create({"name": "Class Story"})
        cls.fixed = cls.add_destination("Class fixed", "fixed", "8881")
        cls.premium = cls.add_destination("Class premium", "premium", "8889")

    @classmethod
    def add_destination(cls, name, network_type, prefix):
        destination = cls.env["telecom.destination"].create(
            {"name": name, "group_id": cls.group.id, "network_type": network_type, "country_id": cls.country.id}
        )
        cls.env["telecom.destination.prefix"].create({"prefix": prefix, "destination_id": destination.id})
        return destination

    def add_class(self, *rules, **values):
        """A class of the provider, unless an account is given."""
        values = {"name": "Story", "company_id": self.company.id, **values}
        return self.env["telecom.service.class"].create(
            {**values, "rule_ids": [Command.create(rule) for rule in rules]}
        )
