"""A real mail server on the loopback that keeps what it gets."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller

from bss_cli import ports

from .until import until

SMTP_FROM = 18525


class Mailbox:
    """`with Mailbox() as box`: a server on `box.port`; `box.newest(address)` is the last mail to an address."""

    def __init__(self) -> None:
        self.port = ports.choose_port("127.0.0.1", SMTP_FROM)
        self.mails: list[tuple[str, list[str], EmailMessage]] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 kept"

    def newest(self, address: str, after: int = 0, seconds: float = 10) -> EmailMessage:
        """Wait for a mail to an address that came after the first `after` ones."""

        def found() -> list[EmailMessage]:
            return [message for _sender, to, message in self.mails[after:] if address in to]

        until(
            found, seconds=seconds, reason=lambda: f"a mail to {address}; there are {[to for _, to, _ in self.mails]}"
        )
        return found()[-1]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()


def html_of(message: EmailMessage) -> str:
    """The HTML part of a mail."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
