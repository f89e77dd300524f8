"""Port ranges for voice (RTP): no two Asterisks of a host may share one.

Ports of a range are in use during calls only, so trying to bind them says little: what counts is which ranges the
running Asterisks are configured with, whoever started them, and which UDP ports are bound now.
"""

import re
from collections.abc import Iterable
from pathlib import Path

Range = tuple[int, int]

STEP = 1000
WIDTH = 998
"""First port to last: 499 pairs of RTP and RTCP, so many legs of calls at the same time."""

LOWEST, HIGHEST = 10_000, 31_999
"""Above come the ports that the kernel gives away (ip_local_port_range)."""

ASTERISK_DEFAULT: Range = (5000, 31_000)  # res_rtp_asterisk.c, without rtp.conf
_BOUND = re.compile(r"^\s*(rtpstart|rtpend)\s*=>?\s*(\d+)", re.MULTILINE)


def overlap(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def taken_ranges() -> list[Range]:
    """Ranges of the running Asterisks that we may look at, and each UDP port that is bound now."""
    return [*asterisk_ranges(), *((port, port) for port in bound_udp_ports())]


def choose_range(preferred: Range, taken: Iterable[Range]) -> Range:
    """The preferred range, or the next one that overlaps none; the preferred one again when all are taken.

    Sharing is bearable then: Asterisk passes over a port that is bound.
    """
    known = list(taken)
    count = (HIGHEST + 1 - LOWEST) // STEP
    first = (preferred[0] - LOWEST) // STEP
    steps = [LOWEST + (first + number) % count * STEP for number in range(count)]
    candidates = [preferred, *((start, start + WIDTH) for start in steps)]
    return next((one for one in candidates if not any(overlap(one, other) for other in known)), preferred)


def asterisk_ranges(proc: Path = Path("/proc")) -> list[Range]:
    """The RTP range of every running Asterisk whose files we may read, also of those in a root of their own."""
    found = []
    for folder in proc.glob("[0-9]*"):
        try:
            argv = (folder / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
            if Path(argv[0]).name == "asterisk" and "-rx" not in argv:
                found.append(_range_of(folder / "root", argv))
        except OSError:
            continue
    return found


def _range_of(root: Path, argv: list[str]) -> Range:
    config = argv[argv.index("-C") + 1] if "-C" in argv[:-1] else "/etc/asterisk/asterisk.conf"
    file = root / Path(config).parent.relative_to("/") / "rtp.conf"
    known = dict(_BOUND.findall(file.read_text(encoding="utf-8", errors="replace"))) if file.exists() else {}
    return int(known.get("rtpstart", ASTERISK_DEFAULT[0])), int(known.get("rtpend", ASTERISK_DEFAULT[1]))


def bound_udp_ports(tables: Iterable[str] = ("/proc/net/udp", "/proc/net/udp6")) -> set[int]:
    """UDP ports that are bound on any address (proc_net_udp(5))."""
    ports: set[int] = set()
    for table in tables:
        try:
            lines = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        ports.update(int(line.split()[1].rpartition(":")[2], 16) for line in lines)
    return ports
