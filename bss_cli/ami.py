"""A few lines of Asterisk's manager protocol, enough to originate one call and watch it end."""

import socket
import time
from collections.abc import Callable, Iterator

from .errors import BssError

CONNECT_TIMEOUT_S = 5.0
LARGEST_MESSAGE = 65536

Message = dict[str, str]


def parse_messages(buffer: bytes) -> tuple[list[Message], bytes]:
    """Split received bytes into whole messages and the unfinished rest."""
    *whole, rest = buffer.split(b"\r\n\r\n")
    messages = []
    for block in whole:
        lines = [line.split(": ", 1) for line in block.decode("utf-8", "replace").split("\r\n") if ": " in line]
        messages.append(dict(lines))
    return messages, rest


class Manager:
    """One logged-in connection."""

    def __init__(self, address: str, port: int, secret: str) -> None:
        """Log in as `bss`; raises BssError when nobody answers or the secret is refused."""
        try:
            self.socket = socket.create_connection((address, port), timeout=CONNECT_TIMEOUT_S)
        except OSError as error:
            raise BssError(f"Asterisk does not answer on {address}:{port}.", "run `./bss up --detach` first") from error
        self.rest = b""
        self.waiting: list[Message] = []
        self.send({"Action": "Login", "Username": "bss", "Secret": secret, "ActionID": "login"})
        answer = self.wait_for(lambda message: message.get("ActionID") == "login", CONNECT_TIMEOUT_S)
        if answer is None or answer.get("Response") != "Success":
            raise BssError(f"Asterisk on {address}:{port} refuses our log-in.", "run `./bss down` and `./bss up`")

    def send(self, fields: Message) -> None:
        """Send an action; a line end inside a value would begin another header, so it is refused."""
        if any("\r" in value or "\n" in value for value in fields.values()):
            raise BssError("A line end in a manager action.")
        self.socket.sendall("".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode() + b"\r\n")

    def messages(self, until: float) -> Iterator[Message]:
        """Messages as they come, until a point in monotonic time."""
        while True:
            while self.waiting:
                yield self.waiting.pop(0)
            left_s = until - time.monotonic()
            if left_s <= 0:
                return
            self.socket.settimeout(left_s)
            try:
                data = self.socket.recv(LARGEST_MESSAGE)
            except TimeoutError:
                return
            if not data:
                raise BssError("Asterisk closed the manager connection.", "see `./bss logs asterisk-far`")
            found, self.rest = parse_messages(self.rest + data)
            self.waiting += found

    def wait_for(self, wanted: Callable[[Message], bool], timeout_s: float) -> Message | None:
        """The first message that is wanted; None when the time is over."""
        for message in self.messages(time.monotonic() + timeout_s):
            if wanted(message):
                return message
        return None

    def close(self) -> None:
        self.socket.close()
