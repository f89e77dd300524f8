"""Numbers that regulators set aside for stories and tests, by destination; how a telephone dials them."""

from random import Random

# Ofcom 0161 496 0xxx, 07700 900xxx; BNetzA (0)30 23125 xxx, 0171 39200 xx; NANPA 555-01xx; ARCEP 01 99 00, 06 39 98;
# ComReg (020) 91x xxxx; ACMA (02) 5550 xxxx, 0491 570 xxx
RANGES = {
    "uk_fixed": (("4416149605", 2), ("442079460", 3)),
    "uk_mobile": (("447700900", 3),),
    "de_fixed": (("4930231251", 2),),
    "de_mobile": (("4917139200", 2),),
    "us": (("121255501", 2), ("141555501", 2), ("161755501", 2)),
    "fr_fixed": (("3319900", 4),),
    "fr_mobile": (("3363998", 4),),
    "ie_fixed": (("3532091", 5),),
    "au_fixed": (("6125550", 4),),
    "au_mobile": (("61491570", 3),),
}
CONTACTS = 14
"""So many people of a destination one customer knows; the first of them are called most."""


def contact(draw: Random, customer: str, destination: str) -> str:
    """A number (E.164 without +) that a customer calls in a destination."""
    place = int(CONTACTS * draw.random() ** 2)
    known = Random(f"{customer}/{destination}/{place}")  # noqa: S311  a story, no secret
    prefix, digits = known.choice(RANGES[destination])
    return f"{prefix}{known.randrange(10**digits):0{digits}}"


def dialled(e164: str, country_code: str, national_prefix: str, international_prefix: str) -> str:
    """What the caller presses: a number of its own country without the country's code."""
    if e164.startswith(country_code):
        return national_prefix + e164.removeprefix(country_code)
    return international_prefix + e164
