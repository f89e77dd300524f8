"""A carrier that is only a socket: keeps the INVITEs that it gets and answers each with one status, or not at all."""

import socket
import threading
from contextlib import suppress

COPIED = ("Via", "From", "To", "Call-ID", "CSeq")


class CarrierTap:
    """Listens for SIP on a free port of an address; `invites` has the requests as text. Status '': says nothing.

    `is_there`: whether it answers OPTIONS.
    """

    def __init__(self, address: str, status: str = "486 Busy Here", *headers: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self.port: int = self._socket.getsockname()[1]
        self.invites: list[str] = []
        self._status = status
        self._headers = headers
        self.is_there = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                data, sender = self._socket.recvfrom(65536)
            except OSError:
                return
            text = data.decode("utf-8", "replace")
            if text.startswith("OPTIONS ") and self.is_there:
                with suppress(OSError):  # closed meanwhile
                    self._socket.sendto(self._answer(text, "200 OK").encode(), sender)
            if text.startswith("INVITE "):
                self.invites.append(text)
                if self._status:
                    self._socket.sendto(self._answer(text, self._status, *self._headers).encode(), sender)

    def _answer(self, request: str, status: str, *headers: str) -> str:
        head = request.split("\r\n\r\n", maxsplit=1)[0].split("\r\n")[1:]
        kept = [line for line in head if line.split(":", 1)[0] in COPIED]
        tagged = [f"{line};tag=tap" if line.startswith("To:") else line for line in kept]
        return "\r\n".join([f"SIP/2.0 {status}", *tagged, *headers, "Content-Length: 0", "", ""])

    def close(self) -> None:
        self._socket.close()
