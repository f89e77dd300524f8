"""One whole switch for all call stories of a run; every story hangs up what it began."""

from tests.support.fixtures import switch, whole_switch

__all__ = ["switch", "whole_switch"]
