"""The certificate by which a node shows who it is over TLS, and whom it trusts: carriers' certificates are checked.

Run by the environment's Python when a node is prepared. Every node of an installation has its certificate from the
installation's own authority, until an operator puts one of its own in its place (docs/deploy.md).
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from .certificates import ensure_authority, ensure_host, replace_file

AUTHORITY, TRUSTED = "sip_authority", "sip_trusted"
SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


def main() -> None:
    """Arguments: the installation's folder, the node's folder of keys, host names and addresses of the node."""
    home, keys, *names = sys.argv[1:]
    write_keys(Path(home), Path(keys), names)


def write_keys(home: Path, keys: Path, names: list[str]) -> None:
    """Write sip.crt, sip.key and trusted.crt; a certificate that another authority made is left alone."""
    folder = home / AUTHORITY
    folder.mkdir(mode=0o700, exist_ok=True)
    key, authority = ensure_authority(folder)
    ensure_host(folder, names[0], names, key, authority)
    for suffix, mode in ((".crt", 0o644), (".key", 0o600)):
        made, used = folder / "certificates" / f"{names[0]}{suffix}", keys / f"sip{suffix}"
        if not (keys / "own").exists():
            replace_file(used, made.read_bytes(), mode)
    trusted = (SYSTEM_BUNDLE, folder / "authority.crt", *_others(home))
    replace_file(keys / "trusted.crt", b"\n".join(file.read_bytes() for file in trusted if file.exists()), 0o644)


def _others(home: Path) -> Iterable[Path]:
    """Authorities of carriers that no public authority vouches for, put there by the operator."""
    return sorted((home / TRUSTED).glob("*.crt"))


if __name__ == "__main__":
    main()
