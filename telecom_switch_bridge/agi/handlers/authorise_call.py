"""A telephone asks: may this call start, and how? The service of the same name decides."""

from ...services.authorise_call import authorise_call

__all__ = ["authorise_call"]
