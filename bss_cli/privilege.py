"""Who runs what: root work through sudo where needed, services as an unprivileged user.

Run as root, services belong to the system user `telecom-bss`; under sudo or as a normal user, to that person.
When the service user cannot reach the clone or the runtime folder (a clone in /root, say), its processes get the
capability CAP_DAC_READ_SEARCH: they can then read and traverse, and still write only what is theirs.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BssError
from .paths import Layout

SERVICE_USER = "telecom-bss"
READ_CAPABILITY = "+dac_read_search"


@dataclass(frozen=True)
class Host:
    """The rights of this process and the user of the services."""

    is_root: bool
    user: str
    uid: int
    gid: int
    needs_read_capability: bool

    @classmethod
    def find(cls, layout: Layout) -> "Host":
        """Look at who we are. Raises BssError when the service user is missing (made by the host step)."""
        if os.geteuid() != 0:
            me = pwd.getpwuid(os.geteuid())
            return cls(False, me.pw_name, me.pw_uid, me.pw_gid, False)
        try:
            entry = pwd.getpwnam(service_user_name())
        except KeyError as error:
            raise BssError(f"The system user {service_user_name()} does not exist.", "run `./bss up` first") from error
        host = cls(True, entry.pw_name, entry.pw_uid, entry.pw_gid, False)
        return cls(True, entry.pw_name, entry.pw_uid, entry.pw_gid, not _can_reach(host, layout))

    @property
    def owner(self) -> tuple[int, int]:
        return self.uid, self.gid

    def as_service(self, argv: Sequence[str | Path]) -> list[str]:
        """The command line that runs `argv` as the service user."""
        plain = [str(part) for part in argv]
        if not self.is_root:
            return plain
        return [*_setpriv(self.uid, self.gid, read_capability=self.needs_read_capability), *plain]

    def in_root(self, root: Path, argv: Sequence[str | Path]) -> list[str]:
        """The command line that runs `argv` inside a private root file system as the service user."""
        plain = [str(part) for part in argv]
        if self.is_root:
            return ["chroot", f"--userspec={self.uid}:{self.gid}", "--groups=", str(root), *plain]
        return ["unshare", "--user", "--map-root-user", "chroot", str(root), *plain]

    def own(self, path: Path, mode: int = 0o750) -> Path:
        """Make a folder that belongs to the service user."""
        path.mkdir(parents=True, exist_ok=True)
        if self.is_root:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)
        return path


def service_user_name() -> str:
    """The user of the services when we are root: the person behind sudo, else the system user."""
    person = os.environ.get("SUDO_USER")
    return person if person and person != "root" else SERVICE_USER


def sudo() -> list[str]:
    """`sudo` with what suits the terminal: without one it may not ask for a password."""
    if shutil.which("sudo") is None:
        raise BssError("This needs root, and there is no sudo.", "run ./bss as root")
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


def user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def can_unshare() -> bool:
    """Whether an ordinary user may enter a private root file system here (unprivileged user namespaces)."""
    probe = subprocess.run(
        ["unshare", "--user", "--map-root-user", "true"], capture_output=True, check=False, timeout=10
    )
    return probe.returncode == 0


def _setpriv(uid: int, gid: int, *, read_capability: bool) -> list[str]:
    command = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    if read_capability:
        # the secure bit lets access(2), which Odoo asks, count the capability too
        command += [f"--inh-caps={READ_CAPABILITY}", f"--ambient-caps={READ_CAPABILITY}"]
        command += ["--securebits=+no_setuid_fixup"]
    return [*command, "--"]


def _can_reach(host: Host, layout: Layout) -> bool:
    """Whether the service user can read the clone and enter the runtime folder without help."""
    layout.home.mkdir(parents=True, exist_ok=True)
    test = f'test -r "{layout.repo}/bss" && test -x "{layout.home}"'
    return subprocess.run(host.as_service(["sh", "-c", test]), capture_output=True, check=False).returncode == 0


def check_reach(host: Host, layout: Layout) -> None:
    """Raise BssError when not even the capability lets the service user read the clone."""
    if not host.needs_read_capability:
        return
    probe = subprocess.run(
        host.as_service(["cat", str(layout.repo / "bss")]), capture_output=True, check=False, text=True
    )
    if probe.returncode:
        raise BssError(
            f"The user {host.user} cannot read {layout.repo}, and capabilities do not help: {probe.stderr.strip()}",
            f"move the clone to a folder that {host.user} can enter (/srv or /opt), or set BSS_HOME to one",
        )
