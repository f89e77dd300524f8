from odoo import fields


class OptionalInteger(fields.Integer):
    """A whole number that may be missing: empty is NULL in the table and False in Python, and 0 is a number.

    Odoo's own Integer makes 0 of what is empty, so that "no limit" and "none at all" look alike.
    """

    falsy_value = None
    aggregator = None  # a sum of limits says nothing

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if is_missing(value) else int(value)

    def convert_to_cache(self, value, record, validate=True):
        return None if is_missing(value) else int(value)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_read(self, value, record, use_display_name=True):
        return False if is_missing(value) else value

    def convert_to_export(self, value, record):
        return "" if is_missing(value) else value


def is_missing(value):
    """True for what stands for an empty number: None, False, an empty text."""
    return value is None or value is False or value == ""
