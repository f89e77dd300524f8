"""Free loopback ports: choosing them, and finding out who holds one."""

import socket
from collections.abc import Callable, Iterable
from pathlib import Path

TRIES = 200
STEP = 10
LISTENING = "0A"


def is_free(address: str, port: int, kind: str = "tcp") -> bool:
    """Whether a socket can be bound there now; `kind` is tcp, udp or both."""
    kinds = ("tcp", "udp") if kind == "both" else (kind,)
    return all(_can_bind(address, port, one) for one in kinds)


def _can_bind(address: str, port: int, kind: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as probe:
        if kind == "tcp":  # as the servers do: a connection that is only closing down is no obstacle
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def choose_port(
    address: str,
    preferred: int,
    kind: str = "tcp",
    *,
    used: Iterable[int] = (),
    free: Callable[[str, int, str], bool] = is_free,
) -> int:
    """The preferred port, or the next free one in steps of 10.

    Raises OverflowError when 200 candidates are all taken, which no sane machine has.
    """
    taken = set(used)
    for attempt in range(TRIES):
        port = preferred + attempt * STEP
        if port < 65536 and port not in taken and free(address, port, kind):
            return port
    raise OverflowError(f"no free {kind} port near {preferred} on {address}")


def holder_of(address: str, port: int, kind: str = "tcp") -> str:
    """Who holds a port, as 'name (pid 12)'; 'an unknown program' when that cannot be seen."""
    for one in ("tcp", "udp") if kind == "both" else (kind,):
        for inode in _inodes(address, port, one):
            name = _process_with(f"socket:[{inode}]")
            if name:
                return name
    return "an unknown program"


def _inodes(address: str, port: int, kind: str) -> set[str]:
    """Sockets on this address, or on all addresses, by the kernel's tables (proc_net_tcp(5))."""
    found: set[str] = set()
    ours = socket.inet_aton(address)[::-1].hex().upper()  # the kernel prints the number as the machine holds it
    for table in (Path(f"/proc/net/{kind}"), Path(f"/proc/net/{kind}6")):
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            host, _, number = fields[1].rpartition(":")
            listening = kind == "udp" or fields[3] == LISTENING
            if listening and int(number, 16) == port and (host == ours or not host.strip("0")):
                found.add(fields[9])
    return found - {"0"}


def _process_with(link: str) -> str:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(entry.readlink()) == link for entry in (folder / "fd").iterdir()):
                return f"{(folder / 'comm').read_text().strip()} (pid {folder.name})"
        except OSError:
            continue
    return ""
