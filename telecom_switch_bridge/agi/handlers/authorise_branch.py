"""A member of a ring group asks: may it ring, and how? The service of the same name decides."""

from ...services.authorise_branch import authorise_branch

__all__ = ["authorise_branch"]
