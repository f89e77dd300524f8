"""SIPp as caller and as carrier: scenarios, processes with a time limit, no media."""

import re
import subprocess
from pathlib import Path

CALLS_OVER = (0, 1)
"""Exit codes of SIPp when it placed all calls: all went well, or some did not (sipp(1))."""

HEADS = """\
      Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
      From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      Max-Forwards: 70
"""
SDP = """\
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=- 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio 6000 RTP/AVP 8
      a=rtpmap:8 PCMA/8000
"""
COPIED = "      [last_Via:]\n      [last_From:]\n      [last_To:]{tag}\n      [last_Call-ID:]\n      [last_CSeq:]\n"
"""Heads of an answer to the request that was read last."""


def _send(text: str) -> str:
    return f'  <send retrans="500"><![CDATA[\n{text}\n  ]]></send>\n'


def _plain_send(text: str) -> str:
    return f"  <send><![CDATA[\n{text}\n  ]]></send>\n"


def _request(method: str, cseq: int, more: str = "", body: str = "      Content-Length: 0\n\n") -> str:
    """A request; an INVITE opens a dialogue, so that it has no tag of the other side."""
    heads = HEADS.replace("[peer_tag_param]", "") if method == "INVITE" else HEADS
    line = f"      {method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0\n"
    contact = "      Contact: <sip:[field0]@[local_ip]:[local_port]>\n"
    return f"{line}{heads}      CSeq: {cseq} {method}\n{contact}{more}{body}"


def caller(talk_ms: int) -> str:
    """Scenario of a telephone: log-in at the INVITE, talk, hang up."""
    optional = "".join(f'  <recv response="{status}" optional="true"/>\n' for status in (100, 180, 183))
    parts = (
        _send(_request("INVITE", 1, body=SDP)),
        '  <recv response="100" optional="true"/>\n  <recv response="401" auth="true"/>\n',
        _plain_send(_request("ACK", 1)),
        _send(_request("INVITE", 2, "      [field1]\n", SDP)),
        f'{optional}  <recv response="200"/>\n',
        _plain_send(_request("ACK", 2)),
        f'  <pause milliseconds="{talk_ms}"/>\n',
        _send(_request("BYE", 3)),
        '  <recv response="200"/>\n',
    )
    return _scenario("caller", parts)


def caller_until_cut() -> str:
    """Scenario of a telephone that never hangs up: the switch ends the call, or refuses it (403, 503 ...)."""
    early = "".join(f'  <recv response="{status}" optional="true"/>\n' for status in (100, 180, 183))
    refusals = "".join(f'  <recv response="{status}" optional="true" next="refused"/>\n' for status in (480, 486, 503))
    parts = (
        _send(_request("INVITE", 1, body=SDP)),
        '  <recv response="100" optional="true"/>\n  <recv response="401" auth="true"/>\n',
        _plain_send(_request("ACK", 1)),
        _send(_request("INVITE", 2, "      [field1]\n", SDP)),
        f'{early}  <recv response="200" optional="true" next="answered"/>\n{refusals}  <recv response="403"/>\n',
        '  <label id="refused"/>\n',
        _plain_send(_request("ACK", 2)).replace("<send>", '<send next="over">'),
        '  <label id="answered"/>\n',
        _plain_send(_request("ACK", 2)),
        '  <recv request="BYE"/>\n',
        _plain_send(f"      SIP/2.0 200 OK\n{COPIED.format(tag='')}      Content-Length: 0\n\n"),
        '  <label id="over"/>\n',
    )
    return _scenario("caller until cut", parts)


def carrier() -> str:
    """Scenario of a carrier: answers at once, waits for the end."""
    contact = "      Contact: <sip:[local_ip]:[local_port]>\n"
    yes = "      SIP/2.0 200 OK\n"
    parts = (
        '  <recv request="INVITE"/>\n',
        _send(f"{yes}{COPIED.format(tag=';tag=[call_number]')}{contact}{SDP}"),
        '  <recv request="ACK"/>\n  <recv request="BYE"/>\n',
        _plain_send(f"{yes}{COPIED.format(tag='')}{contact}      Content-Length: 0\n\n"),
    )
    return _scenario("carrier", parts)


def _cumulative(screen: str, counter: str) -> int:
    """A counter since the start, from SIPp's last screen; -1 when it is not there."""
    rows = re.findall(rf"{counter}\s*\|[^|]*\|\s*(\d+)", screen)
    return int(rows[-1]) if rows else -1


def _scenario(name: str, parts: tuple[str, ...]) -> str:
    head = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n'
    return f'{head}<scenario name="{name}">\n{"".join(parts)}</scenario>\n'


class Sipp:
    """SIPp with files in a folder of its own. `logins`: (username, password) of the telephones, taken in turn."""

    def __init__(self, folder: Path, address: str, logins: list[tuple[str, str]]) -> None:
        self._folder, self._address = folder, address
        (folder / "carrier.xml").write_text(carrier(), encoding="utf-8")
        lines = [f"{user};[authentication username={user} password={password}];" for user, password in logins]
        (folder / "phones.csv").write_text("\n".join(["SEQUENTIAL", *lines, ""]), encoding="utf-8")
        self._carrier: subprocess.Popen[bytes] | None = None

    def start_carrier(self, port: int) -> None:
        """Answer calls at the address's port until closed."""
        command = ["sipp", "-sf", "carrier.xml", "-i", self._address, "-p", str(port), "-nostdin"]
        self._carrier = subprocess.Popen(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def call(
        self, node: str, dialled: str, *, calls: int, per_second: float, at_once: int, talk_ms: int, port: int,
        may_fail: int = 0,
    ) -> int:  # fmt: skip
        """Place calls that end by themselves; return how many went wrong, AssertionError when more than may."""
        limit_s = 30 + round(10 * calls / per_second)
        return self._call(caller(talk_ms), node, dialled, calls, per_second, at_once, limit_s, port, may_fail)

    def call_until_cut(
        self, node: str, dialled: str, *, calls: int, per_second: float, limit_s: int, port: int
    ) -> None:
        """Place calls that only the switch ends or refuses; AssertionError when one is left after `limit_s`."""
        self._call(caller_until_cut(), node, dialled, calls, per_second, calls, limit_s, port)

    def _call(
        self, scenario: str, node: str, dialled: str, calls: int, per_second: float, at_once: int, limit_s: int,
        port: int, may_fail: int = 0,
    ) -> int:  # fmt: skip
        name = "caller.xml"
        (self._folder / name).write_text(scenario, encoding="utf-8")
        done = subprocess.run(
            ["sipp", node, "-sf", name, "-inf", "phones.csv", "-i", self._address, "-p", str(port), "-s", dialled,
             "-m", str(calls), "-r", f"{per_second:g}", "-l", str(at_once), "-nostdin", "-trace_err",
             "-error_file", "caller.err", "-timeout", f"{limit_s}s"],
            cwd=self._folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit_s + 10,
            check=False,
        )  # fmt: skip
        errors = self._folder / "caller.err"
        shown = errors.read_text(errors="replace")[-1500:] if errors.exists() else ""
        placed, failed = (_cumulative(done.stdout, name) for name in ("Total Calls created", "Failed call"))
        is_well = placed == calls and failed <= may_fail and done.returncode in CALLS_OVER
        assert is_well, f"SIPp ended with {done.returncode}: {shown}\n{done.stdout[-1500:]}"
        return failed

    def close(self) -> None:
        """End the carrier."""
        if self._carrier is not None:
            self._carrier.kill()
            self._carrier.wait(5)
