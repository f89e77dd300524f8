"""Asterisk nodes: rendering the static templates with a node's values, its folders, its command line.

A node lives in `<private root>/srv/bss/<node>`; inside the root that is `/srv/bss/<node>`. Tests use the same
functions for nodes of their own.
"""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from .errors import BssError
from .paths import Layout
from .privilege import Host

PLACEHOLDER = re.compile(r"@@([A-Z0-9_]*)@@")
NODE_FOLDERS = ("etc", "run", "log", "log/cel", "log/cdr-csv", "log/cdr-custom", "db", "spool", "spool/tmp", "keys",
                "sounds")  # fmt: skip
REALM = "bss"


def node_path(name: str) -> str:
    """A node's folder as Asterisk inside the private root sees it."""
    return f"/srv/bss/{name}"


def fill(text: str, values: Mapping[str, str], shown: str) -> str:
    """Replace `@@NAME@@` in a template; raise BssError naming file and line when a name has no value."""
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        names = PLACEHOLDER.findall(line)
        unknown = [name for name in names if name not in values]
        if unknown:
            raise BssError(f"{shown}, line {number}: placeholder @@{unknown[0]}@@ has no value.",
                           f"use one of: {', '.join(sorted(values))}")  # fmt: skip
        if "@@" in PLACEHOLDER.sub("", line):
            raise BssError(f"{shown}, line {number}: a half placeholder.", "write @@NAME@@ with capital letters")
        lines.append(PLACEHOLDER.sub(lambda match: values[match.group(1)], line))
    return "\n".join(lines)


def _template_files(templates: list[Path]) -> Iterator[tuple[Path, Path]]:
    """(file, path below the destination): a file goes straight in, a folder keeps its name."""
    for template in templates:
        if template.is_dir():
            for file in sorted(template.rglob("*")):
                if file.suffix in (".conf", ".ini"):
                    yield file, Path(template.name) / file.relative_to(template)
        else:
            yield template, Path(template.name)


def render_node(templates: list[Path], dest: Path, values: Mapping[str, str]) -> bool:
    """Write a node's configuration from its templates; return whether anything changed.

    Everything is filled in before anything is written. Files in `dest` that no template makes any more are removed.
    Raises BssError naming file and line of an unknown or half placeholder.
    """
    wanted = {}
    for file, relative in _template_files(templates):
        wanted[dest / relative] = fill(file.read_text(encoding="utf-8"), values, str(file))
    if not wanted:
        raise BssError(f"No Asterisk templates in {', '.join(str(path) for path in templates) or 'an empty list'}.")
    present = {file for file in dest.rglob("*") if file.is_file()} if dest.exists() else set()
    changed = False
    for file, text in wanted.items():
        if file not in present or file.read_text(encoding="utf-8", errors="replace") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            changed = True
    for file in present - set(wanted):
        file.unlink()
        changed = True
    return changed


def templates_of(folder: Path) -> list[Path]:
    """What `asterisk/` (or a folder of the same form) offers: etc/*.conf, etc/*.ini, dialplan/."""
    etc = folder / "etc"
    found = [file for file in sorted(etc.iterdir()) if file.is_dir() or file.suffix in (".conf", ".ini")]
    dialplan = folder / "dialplan"
    return [*found, dialplan] if dialplan.is_dir() else found


def prepare_node(
    layout: Layout, host: Host, name: str, templates: list[Path], values: Mapping[str, str],
    *, extra_files: Mapping[str, str] | None = None, sounds: Path | None = None,
) -> Path:  # fmt: skip
    """Make a node's folders and configuration; return its folder seen from outside.

    `extra_files` are files of etc/ that are made by code, by name; `sounds` is a folder of prompts (*.wav ...).
    """
    node = layout.node_dir(name)
    for folder in ("", *NODE_FOLDERS):
        host.own(node / folder)
    generated = node / "generated"
    host.own(generated)
    for file_name, text in (extra_files or {}).items():
        (generated / file_name).write_text(text, encoding="utf-8")
    made = [generated / file_name for file_name in sorted(extra_files or {})]
    taken = {path.name for path in made}
    render_node([path for path in templates if path.name not in taken] + made, node / "etc", values)
    shutil.rmtree(generated)
    _write_keys(layout, host, node / "keys", values["SIP_IP"])
    if sounds is not None:
        _copy_sounds(sounds, node / "sounds")
    _hand_over(node, host)
    _write_hosts(layout.asterisk_root)
    return node


def _write_keys(layout: Layout, host: Host, keys: Path, address: str) -> None:
    """Certificate of the node and the authorities that it trusts: by the environment's Python, which can make them."""
    names = [address, socket.gethostname()]
    command = [layout.python, "-m", "bss_cli.sip_certificates", layout.home, keys, *names]
    done = subprocess.run(command, cwd=layout.repo, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BssError(f"The certificate of the node at {address} was not made: {done.stderr.strip()[-500:]}",
                       f"delete the folder {layout.home / 'sip_authority'} and try again")  # fmt: skip
    if host.is_root:
        for file in keys.iterdir():
            os.chown(file, *host.owner)


def _copy_sounds(source: Path, dest: Path) -> None:
    for file in sorted(source.rglob("*.wav")):
        target = dest / file.relative_to(source)
        if not target.exists() or target.stat().st_size != file.stat().st_size:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _hand_over(node: Path, host: Host) -> None:
    """Configuration holds passwords: it belongs to the service user and nobody else reads it."""
    for folder in (node / "etc", node / "sounds"):
        for path in (folder, *folder.rglob("*")):
            if host.is_root:
                os.chown(path, *host.owner)
            path.chmod(0o750 if path.is_dir() else 0o640)


def _write_hosts(root: Path) -> None:
    """The host's own name must resolve inside the root, or calls wait for a name server that is not there."""
    hosts = root / "etc" / "hosts"
    text = f"127.0.0.1 localhost {socket.gethostname()}\n"
    if os.access(hosts.parent, os.W_OK) and (not hosts.exists() or hosts.read_text() != text):
        hosts.write_text(text)


def node_argv(layout: Layout, host: Host, name: str) -> list[str]:
    """The command line that runs a node in the foreground as the service user."""
    etc = f"{node_path(name)}/etc"
    # A thread a channel: of glibc's eight arenas a core each keeps what its busiest moment needed, and memory grows.
    environment = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", f"ODBCINI={etc}/odbc.ini",
                   "MALLOC_ARENA_MAX=2"]  # fmt: skip
    if (layout.node_dir(name) / "etc" / "odbcinst.ini").exists():
        environment.append(f"ODBCSYSINI={etc}")
    asterisk = ["/usr/sbin/asterisk", "-f", "-C", f"{etc}/asterisk.conf"]
    return host.in_root(layout.asterisk_root, ["/usr/bin/env", *environment[1:], *asterisk])
