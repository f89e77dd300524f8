"""Stories with a part missing; those that need Asterisk get a whole switch of their own run."""

from tests.support.fixtures import switch, whole_switch

__all__ = ["switch", "whole_switch"]
