"""Asks the bridge's FastAGI door as the dialplan does, without Asterisk."""

import re
import socket

_PAIR = re.compile(r"(BSS_[A-Z_0-9]+)=([^,\"]*)")


def ask(
    address: tuple[str, int], question: str, endpoint: str, dialled: str, *, uniqueid: str, sequence: int = 1,
    cli: str = "", timeout_s: float = 5.0,
) -> dict[str, str]:  # fmt: skip
    """Variables of the answer; {} when the bridge is silent or away."""
    lines = ["agi_network: yes", f"agi_network_script: {question}", f"agi_channel: PJSIP/{endpoint}-00000000",
             f"agi_uniqueid: {uniqueid}"]  # fmt: skip
    lines.append(f"agi_arg_1: {endpoint}|{dialled}|{sequence}|{cli}")
    try:
        with socket.create_connection(address, timeout=timeout_s) as client:
            client.sendall(("\n".join(lines) + "\n\n").encode())
            answer = client.makefile("rb").readline().decode()
            if answer:
                client.sendall(b"200 result=0\n")
    except OSError:
        return {}
    return dict(_PAIR.findall(answer))
