from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestBlock(QualityCase):
    def block(self, **values):
        return self.env["telecom.carrier.block"].create({"carrier_id": self.baltic.id, **values})

    def test_a_destination_or_a_group(self):
        self.block(destination_id=self.here.id)
        self.block(group_id=self.group.id)
        for values in ({}, {"destination_id": self.here.id, "group_id": self.group.id}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "Baltic Carrier"):
                self.block(**values)

    def test_the_same_block_twice(self):
        block = self.block(destination_id=self.here.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.block(destination_id=self.here.id)
        block.active = False
        block.flush_recordset()
        self.block(destination_id=self.here.id)

    def test_a_least_quality_out_of_bounds(self):
        route = self.env["telecom.route"].create({"prefix": "88877", "rule": "quality", "least_quality": 100})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            route.least_quality = 101
            route.flush_recordset()
