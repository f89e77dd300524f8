"""The house keeps its shape: direction of imports, purity of core, sizes, and nothing of one machine in the tree."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BRIDGE = "telecom_switch_bridge"
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70

PORTS = {"ports", "allowance_ports", "ledger_ports", "route_ports", "trunk_ports"}
SHARED = {"errors", "values", "config", "dialplan_names", *PORTS}
ADAPTERS = {"store", "agi", "ari", "ami", "journal"}
MAY_IMPORT = {
    "core": set(),
    "errors": set(),
    "dialplan_names": set(),
    "values": {"core", "errors"},
    "config": {"errors"},
    **{port: {"core", "values", "errors", *PORTS} for port in PORTS},
    "services": {"core", "values", "errors", "dialplan_names", "observe", *PORTS},
    **{adapter: {"core", "services", "observe"} | SHARED for adapter in ADAPTERS},
    "observe": {"values", "errors"},
    "explain": {"core", "values", "errors", "refusals", "services", "store", *PORTS},
    "rerate": {"core", "values", "errors", "services", "store", *PORTS},
}
"""Rooms of the bridge and the rooms they may import besides themselves; app, cli and __main__ wire everything."""

PURE_OUTSIDE = {"numpy", "phonenumbers", "stdnum"}
NOT_PURE = {"asyncio", "logging", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
FEATURE_BLIND = "telecom_switch"
READS_A_ROOM = {"telecom_switch": "explain", "telecom_rerate": "rerate"}  # besides core, which is everybody's
ABOVE_ALL = (
    "telecom_suite",
    "telecom_office",
    "telecom_dashboard",
    "telecom_rerate",
    "test_telecom",
)  # pages and stories that show every addon's records

RUN_BY_THE_ENVIRONMENT = {"call_report", "certificates", "sip_certificates"}
"""Modules of bss_cli that ./bss starts with the environment's Python and never imports."""


@cache
def tracked(suffix: str = "") -> list[Path]:
    """Files of the repository that exist, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name.endswith(suffix) and name)
    return sorted(path for path in paths if path.is_file())


def python_files(folder: str) -> list[Path]:
    return [path for path in tracked(".py") if path.is_relative_to(ROOT / folder)]


def imports(path: Path) -> Iterator[str]:
    """Absolute names that a file imports; relative ones are resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, *filter(None, [node.module])])
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == BRIDGE and len(parts) > 1 else None


def test_rooms_of_the_bridge_import_only_inwards():
    wrong = set()
    for path in python_files(BRIDGE):
        room = path.relative_to(ROOT / BRIDGE).parts[0].removesuffix(".py")
        if room in MAY_IMPORT:
            reached = {room_of(name) for name in imports(path)} - {None, room, "core" if room == "core" else None}
            wrong |= {f"{path.relative_to(ROOT)} imports {other}" for other in reached - MAY_IMPORT[room]}
    assert not wrong


def test_core_is_pure():
    wrong = set()
    for path in python_files(f"{BRIDGE}/core"):
        for name in imports(path):
            top = name.split(".")[0]
            if top in NOT_PURE or (not is_standard(top) and top not in PURE_OUTSIDE and top != BRIDGE):
                wrong.add(f"{path.name} imports {name}")
        if re.search(r"\b(datetime\.now|date\.today|utcnow)\b", path.read_text(encoding="utf-8")):
            wrong.add(f"{path.name} reads the clock")
    assert not wrong


def is_standard(top: str) -> bool:
    import sys

    return top in sys.stdlib_module_names


def test_explain_knows_no_database_and_no_clock():
    """Odoo explains by it, in a process that is no bridge."""
    wrong = set()
    for path in python_files(f"{BRIDGE}/explain"):
        for name in imports(path):
            top, store = name.split(".")[0], name.removeprefix(f"{BRIDGE}.store.").split(".")[0]
            if top in NOT_PURE or (not is_standard(top) and top not in PURE_OUTSIDE and top != BRIDGE):
                wrong.add(f"{path.name} imports {name}")
            if name.startswith(f"{BRIDGE}.store.") and store not in ("catalogue", "deck", "queries", "rows"):
                wrong.add(f"{path.name} imports {name}")
    assert not wrong


def test_addons_take_only_the_core_and_no_feature_knows_the_seam():
    wrong = set()
    for path in python_files("addons"):
        addon = path.relative_to(ROOT / "addons").parts[0]
        for name in imports(path):
            if room_of(name) not in (None, "core", READS_A_ROOM.get(addon)):
                wrong.add(f"{path.relative_to(ROOT)} imports {name}")
            if name.startswith(f"odoo.addons.{FEATURE_BLIND}.") and addon not in (FEATURE_BLIND, "telecom_suite"):
                wrong.add(f"{path.relative_to(ROOT)} knows {FEATURE_BLIND}")
    assert not wrong


def test_addons_name_the_core_as_their_dependency():
    wrong = []
    for manifest in (path for path in tracked("__manifest__.py") if path.is_relative_to(ROOT / "addons")):
        uses = any(room_of(name) for path in python_files(f"addons/{manifest.parent.name}") for name in imports(path))
        terms = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        if uses and BRIDGE not in terms.get("external_dependencies", {}).get("python", []):
            wrong.append(manifest.parent.name)
        if FEATURE_BLIND in terms["depends"] and manifest.parent.name not in ABOVE_ALL:
            wrong.append(f"{manifest.parent.name} depends on the seam")
    assert not wrong


def test_the_package_itself_imports_nothing():
    assert not list(imports(ROOT / BRIDGE / "__init__.py"))


def test_the_command_line_runs_before_anything_is_installed():
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files("bss_cli")
        for name in imports(path)
        if path.stem not in RUN_BY_THE_ENVIRONMENT
        and (not (is_standard(name.split(".")[0]) or name.split(".")[0] == "bss_cli") or _is_run_apart(name))
    }
    assert not wrong


def _is_run_apart(name: str) -> bool:
    return name.startswith("bss_cli.") and name.rsplit(".", 1)[-1] in RUN_BY_THE_ENVIRONMENT


def test_files_and_functions_stay_small():
    wrong = []
    for path in tracked(".py"):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MAX_FILE_LINES:
            wrong.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    wrong.append(f"{path.relative_to(ROOT)}: {node.name} has {lines} lines")
    assert not wrong


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w./@}-])/(work|root|home/\w+)/",  # a folder of the machine it was written on
        r"(index|registry|find-links)[-_]url\s*[=:]\s*\S*http",
        r"https?://[\w.-]*(pypi|mirror|artifactory|nexus)[\w.-]*(?<!\.invalid)(?![\w.-])",
    ],
)
def test_nothing_of_one_machine_is_in_the_tree(pattern):
    found = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".png", ".wav", ".svg", ".gz", ".pdf", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in re.finditer(pattern, text)]
    assert not found
