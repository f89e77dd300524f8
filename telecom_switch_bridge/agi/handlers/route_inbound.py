"""A carrier's trunk asks: where does this call lead? The service of the same name decides."""

from ...services.route_inbound import route_inbound

__all__ = ["route_inbound"]
