"""Exceptions that cross rooms: what the outside can cause. Raised by an adapter, handled in one place."""


class BridgeError(Exception):
    """Base of them all; the message is for the log."""


class DatabaseAbsent(BridgeError):  # noqa: N818  named after what happened
    """PostgreSQL cannot be reached, or ended the connection in mid statement."""


class JournalFull(DatabaseAbsent):
    """The leg journal has no room for what would have to be charged: handled as if nothing could be stored."""


class SwitchAbsent(BridgeError):  # noqa: N818
    """Asterisk cannot be reached by AMI or ARI, or did not answer in time."""


class PeerMisbehaves(BridgeError):  # noqa: N818
    """The other side said something that the protocol does not allow, or too much of it."""


class SetupWrong(BridgeError):  # noqa: N818
    """The installation is wrong (configuration, contract version, rights): a person has to act, as the message says."""


class Misused(BridgeError):  # noqa: N818
    """A command was given what it cannot read: the person who typed it has to, as the message says."""
