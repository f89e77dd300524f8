"""A transferred party asks for the telephone that transfers it: may it go on? The service of the same name decides."""

from ...services.transfer_call import transfer_call

__all__ = ["transfer_call"]
