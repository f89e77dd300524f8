"""Colours of a brand, `#rrggbb`, and what can be read on them."""

import re

COLOUR = re.compile(r"#[0-9a-f]{6}")
DARK, LIGHT = "#111827", "#ffffff"


def ink(colour):
    """Return the colour of text that can be read on a ground: that of the higher contrast (WCAG 2.1, 1.4.3)."""
    ground = luminance(colour)
    return max((DARK, LIGHT), key=lambda text: contrast(ground, luminance(text)))


def link(*colours):
    """Return the first colour that can be read on white (4.5, WCAG 2.1, 1.4.3), else a dark one."""
    white = luminance(LIGHT)
    return next((colour for colour in colours if contrast(white, luminance(colour)) >= 4.5), DARK)


def contrast(one, other):
    """Return the contrast of two luminances, 1 to 21."""
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.1)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
