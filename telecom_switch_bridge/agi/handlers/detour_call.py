"""A telephone did not take a call: where does it go on? The service of the same name decides."""

from ...services.detour_call import detour_call

__all__ = ["detour_call"]
