"""Brands of owner and reseller, each at a host name of its own; .localhost leads to one's own machine."""

import base64
import io

from PIL import Image, ImageDraw

from .records import read_table

SIZE = (220, 56)


def load_brands(demo, companies):
    """Give each brand of the table its host, look and addresses, once; what somebody changed later stays."""
    for row in read_table("brands"):
        if demo.ref(row["key"]):
            continue
        company = companies[row["company"]]
        brand = demo.env["telecom.brand"].search([("company_id", "=", company.id)])
        brand.write(
            {
                "name": row["name"],
                "primary_color": row["primary"],
                "secondary_color": row["secondary"],
                "sender_email": row["sender"],
                "support_email": row["support"],
                "support_phone": row["phone"],
                "footer": row["footer"],
                "logo": _logo(row["name"], row["secondary"]),
                "favicon": _icon(row["secondary"]),
            }
        )
        host = {"brand_id": brand.id, "name": row["host"], "state": "active"}
        demo.env["telecom.brand.host"].create(host)
        demo.mark(row["key"], brand)


def _logo(name, colour):
    """Return a logo as base64: a disc and the name, on white."""
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((10, 12, 42, 44), fill=colour)
    draw.ellipse((20, 22, 32, 34), fill="white")
    draw.text((54, 18), name, fill="#111827", font_size=18)
    return _stored(picture)


def _icon(colour):
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((2, 2, 62, 62), fill=colour)
    draw.ellipse((22, 22, 42, 42), fill="white")
    return _stored(picture)


def _stored(picture):
    content = io.BytesIO()
    picture.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()
