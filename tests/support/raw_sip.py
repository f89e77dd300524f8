"""A SIP client of a few lines that sends whatever a test writes: for malformed and hostile requests."""

import hashlib
import re
import secrets
import socket
import time

CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
SDP = (
    "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


class RawPhone:
    """Sends INVITEs that a test shapes, answers the digest challenge, and tells the final status."""

    def __init__(self, address: str, server: str, user: str, password: str) -> None:
        self.user, self.password, self.server = user, password, server
        host, _, port = server.partition(":")
        self._target = (host, int(port))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self.contact = f"{address}:{self._socket.getsockname()[1]}"
        self.ip = address

    def invite(
        self, user_part: str, headers: dict[str, str] | None = None, *, parameters: str = "", seconds: float = 10.0
    ) -> int:
        """Send an INVITE for a request URI's user part, as it is; return the final status code (0: none came).

        `parameters` go at the end of the request URI. `headers` replaces or adds header values; From and To are given
        without their tags. An answered call is ended.
        """
        call_id, tag = secrets.token_hex(8), secrets.token_hex(4)
        uri = f"sip:{user_part}@{self.server}{parameters}"
        request = self._request(uri, call_id, tag, 1, headers or {}, "")
        status, message = self._exchange(request, seconds)
        if status == 401:
            self._ack(request, message)
            request = self._request(uri, call_id, tag, 2, headers or {}, self._proof(uri, message))
            status, message = self._exchange(request, seconds)
        if status:
            self._ack(request, message)
        if 200 <= status < 300:
            self._bye(request, message)
        return status

    def send(self, text: str, *, seconds: float = 1.0) -> str:
        """Send any text as a datagram and return the first answer ('' when none comes)."""
        self._socket.sendto(text.encode("utf-8", "surrogateescape"), self._target)
        return self._receive(time.monotonic() + seconds)

    def close(self) -> None:
        self._socket.close()

    def _request(self, uri: str, call_id: str, tag: str, number: int, changed: dict[str, str], proof: str) -> str:
        values = {
            "From": f"<sip:{self.user}@{self.server}>",
            "To": f"<{uri}>",
            "Contact": f"<sip:{self.user}@{self.contact}>",
            **changed,
        }
        values["From"] += f";tag={tag}"
        body = SDP.format(ip=self.ip)
        lines = [
            f"INVITE {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.contact};rport;branch=z9hG4bK{secrets.token_hex(6)}",
            *(f"{name}: {value}" for name, value in values.items()),
            f"Call-ID: {call_id}",
            f"CSeq: {number} INVITE",
            "Max-Forwards: 70",
            *([f"Authorization: {proof}"] if proof else []),
            "Content-Type: application/sdp",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def _proof(self, uri: str, challenge: str) -> str:
        line = next(line for line in challenge.split("\r\n") if line.lower().startswith("www-authenticate:"))
        fields = dict(CHALLENGE.findall(line))
        nonce_count, client_nonce = "00000001", secrets.token_hex(4)

        def digest(text: str) -> str:
            return hashlib.md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()

        secret = digest(f"{self.user}:{fields['realm']}:{self.password}")
        answer = digest(f"{secret}:{fields['nonce']}:{nonce_count}:{client_nonce}:auth:{digest(f'INVITE:{uri}')}")
        parts = {"username": self.user, "realm": fields["realm"], "nonce": fields["nonce"], "uri": uri}
        parts.update(response=answer, cnonce=client_nonce)
        if "opaque" in fields:
            parts["opaque"] = fields["opaque"]
        quoted = ", ".join(f'{name}="{value}"' for name, value in parts.items())
        return f"Digest {quoted}, algorithm=MD5, qop=auth, nc={nonce_count}"

    def _exchange(self, request: str, seconds: float) -> tuple[int, str]:
        """Send and wait for a final answer; provisional ones are passed over."""
        end = time.monotonic() + seconds
        message = self.send(request, seconds=seconds)
        same = [line for line in request.split("\r\n") if line.startswith(("Call-ID:", "CSeq:"))]
        while message:
            status = int(message.split(" ", 2)[1]) if message.startswith("SIP/2.0 ") else 0
            if status >= 200 and all(f"\r\n{line}\r\n" in message for line in same):
                return status, message
            message = self._receive(end)
        return 0, ""

    def _receive(self, end: float) -> str:
        left = end - time.monotonic()
        if left <= 0:
            return ""
        self._socket.settimeout(left)
        try:
            return self._socket.recv(65536).decode("utf-8", "replace")
        except TimeoutError:
            return ""

    def _ack(self, request: str, answer: str) -> None:
        self._follow(request, answer, "ACK", request.split("CSeq: ", 1)[1].split(" ", 1)[0])

    def _bye(self, request: str, answer: str) -> None:
        number = int(request.split("CSeq: ", 1)[1].split(" ", 1)[0])
        self._follow(request, answer, "BYE", str(number + 1))

    def _follow(self, request: str, answer: str, method: str, number: str) -> None:
        """Send a request in the dialog that the answer made."""
        kept = {line.split(":", 1)[0]: line for line in request.partition("\r\n\r\n")[0].split("\r\n")[1:]}
        to_line = next((line for line in answer.split("\r\n") if line.startswith("To:")), kept["To"])
        lines = [
            f"{method} {request.split(' ', 2)[1]} SIP/2.0",
            kept["Via"],
            kept["From"],
            to_line,
            kept["Call-ID"],
            f"CSeq: {number} {method}",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        self._socket.sendto(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape"), self._target)
