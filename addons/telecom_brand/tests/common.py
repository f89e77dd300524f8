import base64
import io

from odoo.addons.telecom_base.tests.common import TelecomCase
from PIL import Image


def picture(colour="red", size=(40, 20), kind="PNG"):
    """Return a picture (base64) of one colour."""
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, kind)
    return base64.b64encode(content.getvalue()).decode()


class BrandCase(TelecomCase):
    """The owner's brand at owner.test, reseller North's at north.test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brands = cls.env["telecom.brand"]
        cls.owners = cls.brands._telecom_of_company(cls.owner)
        cls.norths = cls.brands._telecom_of_company(cls.north)
        cls.owners.write({"name": "Owner Brand", "primary_color": "#101010", "logo": picture("blue")})
        cls.norths.write(
            {
                "name": "North Brand",
                "primary_color": "#aa3300",
                "logo": picture("green"),
                "sender_name": "North Billing",
                "sender_email": "billing@north.test",
                "support_email": "help@north.test",
                "support_phone": "+44 20 7946 0001",
                "footer": "North Voice Ltd, York",
            }
        )
        cls.host("owner.test", cls.owners)
        cls.host("north.test", cls.norths)

    @classmethod
    def host(cls, name, brand, state="active"):
        return cls.env["telecom.brand.host"].create({"name": name, "brand_id": brand.id, "state": state})
