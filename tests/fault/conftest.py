"""Stories with a part missing; those that need Asterisk get a whole switch of their own run."""

from tests.support.bench import ami, bench, demo, proxy
from tests.support.fixtures import switch, whole_switch

__all__ = ["ami", "bench", "demo", "proxy", "switch", "whole_switch"]
