"""How a carrier writes numbers: ours as it wants them, its own as we keep them. Digits are text, E.164 without +."""

from dataclasses import dataclass
from typing import Literal

Style = Literal["international", "plus", "zeros", "national"]
"""44..., +44..., 0044..., or as people of the carrier's country dial: 020... at home, 00... abroad."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How people of a country dial. Without a country code nothing is national."""

    country_code: str = ""
    national_prefix: str = ""
    international_prefix: str = "00"


NOWHERE = Habits()


def write_number(e164: str, style: Style, habits: Habits = NOWHERE) -> str:
    """A number in a carrier's style."""
    if style == "plus":
        return f"+{e164}"
    if style == "zeros":
        return f"00{e164}"
    if style == "national":
        if habits.country_code and e164.startswith(habits.country_code):
            national = habits.national_prefix + e164.removeprefix(habits.country_code)
            abroad = habits.international_prefix
            if not abroad or not national.startswith(abroad):  # else it would be read as a number abroad
                return national
        return habits.international_prefix + e164
    return e164


def read_number(sent: str, habits: Habits = NOWHERE) -> str:
    """E.164 of a number that a carrier sent as +44.., 0044.., 44.. or, in a country's habits, 020...

    A country without a national prefix has no national numbers here: they look like international ones.
    """
    if sent.startswith("+"):
        return sent[1:]
    for prefix in (habits.international_prefix, "00"):
        if prefix and sent.startswith(prefix):
            return sent.removeprefix(prefix)
    if habits.country_code and habits.national_prefix and sent.startswith(habits.national_prefix):
        return habits.country_code + sent.removeprefix(habits.national_prefix)
    return sent


def edit_digits(number: str, strip_digits: int, add_prefix: str) -> str:
    """Leave out leading digits and put others in front; a leading + stays where it is."""
    plus = "+" if number.startswith("+") else ""
    return f"{plus}{add_prefix}{number.removeprefix('+')[strip_digits:]}"


@dataclass(frozen=True, slots=True)
class NumberRules:
    """What a trunk does to numbers. `plus_sign`: a + before everything, in the international style only."""

    number_style: Style = "international"
    cli_style: Style = "international"
    habits: Habits = NOWHERE
    strip_digits: int = 0
    add_prefix: str = ""
    plus_sign: bool = False
    in_strip_digits: int = 0
    in_add_prefix: str = ""

    def sends(self, e164: str) -> str:
        """A called number as the carrier wants it: in its style, then leading digits out, its prefix in front."""
        written = edit_digits(write_number(e164, self.number_style, self.habits), self.strip_digits, self.add_prefix)
        return f"+{written}" if self.plus_sign and self.number_style == "international" else written

    def shows(self, e164: str) -> str:
        """The caller's number as the carrier wants it; empty stays empty."""
        return write_number(e164, self.cli_style, self.habits) if e164 else ""

    def reads(self, called: str) -> str:
        """E.164 of the number that the carrier calls: leading digits out, digits in front, then by its country."""
        return read_number(edit_digits(called, self.in_strip_digits, self.in_add_prefix), self.habits)

    def reads_caller(self, number: str) -> str:
        """E.164 of who calls; what is no number stays as it is."""
        return read_number(number, self.habits)
