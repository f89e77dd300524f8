"""Debian packages: what the host needs, where its mirror is, and private lists that leave the host's own untouched."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import BssError
from .paths import Layout
from .shell import output_of, run_logged

# Needed to run the product.
HOST_PACKAGES = (
    "postgresql", "debootstrap", "debian-archive-keyring", "gcc", "libc6-dev", "libpq-dev", "python3-venv",
    "python3-dev", "fonts-dejavu-core", "fonts-font-awesome", "libpango-1.0-0", "libpangoft2-1.0-0",
    "libharfbuzz-subset0", "libmagic1", "ca-certificates", "util-linux",
)  # fmt: skip
# Needed by ./bss test only.
TEST_PACKAGES = ("sip-tester", "chromium")

# Odoo 19 of Debian unstable with the files that its links point to (odoo-facts 1).
ODOO_PACKAGES = (
    "odoo-19", "libjs-jquery", "libjs-jquery-form", "libjs-underscore", "fonts-roboto-unhinted", "fonts-montserrat",
    "fonts-inconsolata", "fonts-ocr-b", "fonts-glyphicons-halflings", "fonts-dejavu-core",
)  # fmt: skip
ASTERISK_PACKAGES = ("asterisk", "asterisk-moh-opsound-gsm", "sox", "odbc-postgresql")
PROXY_PACKAGES = ("nginx",)
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Keeps Debian's postgresql package from making and starting a cluster of its own while we install it.
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/telecom-bss.conf")


@dataclass(frozen=True)
class Source:
    """One line of an apt sources file; `keyring` is the value of Signed-By, '' when none is named."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    keyring: str = ""


def parse_one_line(text: str) -> list[Source]:
    """Sources of the classic format (`deb [options] uri suite components...`)."""
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if not match:
            continue
        options, uri, suite, components = match.groups()
        signed = re.search(r"signed-by=(\S+)", options or "", re.IGNORECASE)
        found.append(Source(uri, (suite,), tuple(components.split()), signed.group(1) if signed else ""))
    return found


def parse_deb822(text: str) -> list[Source]:
    """Sources of the deb822 format (`URIs:`, `Suites:` ... in stanzas), without switched-off and source ones."""
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        suites, components = tuple(fields.get("suites", "").split()), tuple(fields.get("components", "").split())
        keyring = fields.get("signed-by", "")
        keyring = keyring if keyring.startswith("/") else ""
        found += [Source(uri, suites, components, keyring) for uri in fields.get("uris", "").split()]
    return found


def _fields(stanza: str) -> dict[str, str]:
    """Field name (lower case) -> value, continuation lines joined."""
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def host_sources(etc: Path = Path("/etc/apt")) -> list[Source]:
    """All binary sources of the host's apt configuration."""
    files = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    found: list[Source] = []
    for file in files:
        if file.suffix == ".sources":
            found += parse_deb822(file.read_text(encoding="utf-8", errors="replace"))
        elif file.suffix == ".list" and file.is_file():
            found += parse_one_line(file.read_text(encoding="utf-8", errors="replace"))
    return found


def debian_mirror(sources: list[Source]) -> Source:
    """The source that serves Debian's main archive, whose mirror serves testing and unstable as well.

    Raises BssError when the host's apt names none.
    """
    for source in sources:
        special = re.search(r"security|snapshot", source.uri) or any("security" in suite for suite in source.suites)
        ours = re.search(r"/debian/?$", source.uri) and "main" in source.components
        if ours and not special:
            keyring = source.keyring or (str(KEYRING) if KEYRING.exists() else "")
            return replace(source, uri=source.uri.rstrip("/"), keyring=keyring)
    raise BssError(
        "The host's apt configuration names no mirror of Debian's main archive.",
        "add one to /etc/apt/sources.list (deb MIRROR/debian bookworm main) and run it again",
    )


def host_codename(release: Path = Path("/etc/os-release")) -> str:
    """The code name of the host's Debian; BssError when it says none."""
    match = re.search(r"^VERSION_CODENAME=(\w+)$", release.read_text(encoding="utf-8"), re.MULTILINE)
    if not match:
        raise BssError(f"{release} says no code name of a Debian release.", "use Debian 12 or later")
    return match.group(1)


def missing_packages(names: tuple[str, ...]) -> list[str]:
    """Those of the Debian packages that are not installed."""
    shown = output_of(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"])
    installed = {line.split()[1] for line in shown.splitlines() if line.startswith("installed ")}
    return [name for name in names if name not in installed]


class PrivateLists:
    """Package lists of one other suite, kept in a folder of ours."""

    def __init__(self, layout: Layout, mirror: Source, suite: str) -> None:
        self.folder = layout.home / "apt" / suite
        self.log = layout.log / "setup.log"
        (self.folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (self.folder / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={mirror.keyring}] " if mirror.keyring else ""
        (self.folder / "sources.list").write_text(f"deb {signed}{mirror.uri} {suite} main\n")

    def options(self) -> list[str]:
        values = {
            "Dir::Etc::sourcelist": self.folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": self.folder / "lists", "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none", "APT::Sandbox::User": _sandbox_user(),
        }  # fmt: skip
        return [part for key, value in values.items() for part in ("-o", f"{key}={value}")]

    def update(self) -> None:
        run_logged(["apt-get", *self.options(), "-o", "APT::Update::Error-Mode=any", "-q", "update"], self.log)

    def codename(self) -> str:
        """The code name of the suite, from its signed release file; '' when it is not there."""
        for file in (self.folder / "lists").glob("*Release"):
            match = re.search(r"^Codename: (\S+)$", file.read_text(errors="replace"), re.MULTILINE)
            if match:
                return match.group(1)
        return ""

    def candidate(self, name: str) -> str:
        """The version that would be installed; '' when there is none."""
        shown = output_of(["apt-cache", *self.options(), "policy", name])
        match = re.search(r"Candidate: (\S+)", shown)
        return match.group(1) if match and match.group(1) != "(none)" else ""

    def download(self, names: tuple[str, ...], into: Path) -> list[Path]:
        """Fetch .deb files, without their dependencies."""
        into.mkdir(parents=True, exist_ok=True)
        run_logged(["apt-get", *self.options(), "-q", "download", *names], self.log, cwd=into)
        return sorted(into.glob("*.deb"))


def _sandbox_user() -> str:
    """apt's unprivileged helper cannot write below a closed folder: then, and only for these lists, no helper."""
    return "root" if os.geteuid() == 0 else ""
