"""What the command line can say no to. Every message has a remedy, since the reader can seldom look inside."""


class BssError(Exception):
    """Something outside went wrong (exit code 1).

    `remedy` says what the person at the keyboard can do about it.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class MisuseError(BssError):
    """The command was called in a way that makes no sense (exit code 2)."""
