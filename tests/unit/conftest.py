"""Property tests: a machine that has other work is no error, however long one example takes."""

from hypothesis import HealthCheck, settings

settings.register_profile("bss", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bss")
