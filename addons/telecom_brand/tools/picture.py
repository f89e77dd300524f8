"""Logos and icons: pictures of pixels only. A drawing (SVG) is a page, with scripts and foreign pictures in it."""

import base64
import binascii
import io

from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF")  # those that Odoo reads, too
LARGEST = 1_000_000  # bytes
WIDEST = 4_000  # pixels of each side


def picture_fault(stored):
    """Return what is wrong with a picture (base64); '' when nothing is."""
    try:
        content = base64.b64decode(stored, validate=False)
    except (binascii.Error, ValueError):
        return "it cannot be read"
    if len(content) > LARGEST:
        return f"it has {len(content) / 1e6:.1f} MB, and may have {LARGEST / 1e6:g}"
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
            if max(width, height) > WIDEST:
                return f"it is {width} x {height} pixels, and may have {WIDEST} each way"
            picture.load()
    except Exception:  # noqa: BLE001 - the library raises what it likes for broken files
        return "it is no PNG, JPEG or GIF picture"
    return ""


def mimetype(content):
    """Return the type of a picture (bytes) that was checked before."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        return Image.MIME[picture.format]
