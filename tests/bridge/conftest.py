"""Stories of the real bridge on a real PostgreSQL, without Asterisk."""

from tests.support.bench import ami, bench, demo, proxy

__all__ = ["ami", "bench", "demo", "proxy"]
