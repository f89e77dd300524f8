"""Why a demo call was refused: read from what the bridge and Asterisk write about it while it is decided."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .nodes import NODE
from .paths import Layout

_FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')

# Sentences of the package asterisk-core-sounds that the dialplan plays, in our words; our own are in prompts.csv.
CORE_PROMPTS = {
    "bad_number": "cannot be completed as dialled",
    "no_route": "all circuits are busy, try again later",
    "unprofitable": "all circuits are busy, try again later",
    "too_many_calls": "limit of calls at the same time is reached",
}

# ITU-T Q.850, the causes that carriers and telephones give; Asterisk's own text is not in the database.
CAUSES = {
    0: "no cause given", 1: "unallocated number", 3: "no route to destination", 16: "normal clearing",
    17: "user busy", 18: "no user responding", 19: "no answer", 20: "subscriber absent", 21: "call rejected",
    22: "number changed", 27: "destination out of order", 28: "incomplete number", 31: "normal, unspecified",
    34: "no circuit available", 38: "network out of order", 41: "temporary failure", 42: "switch congestion",
    44: "circuit not available", 58: "bearer not available", 102: "timer expired", 127: "interworking",
}  # fmt: skip


def cause_text(cause: int | None) -> str:
    """A Q.850 cause in words."""
    return "no cause given" if cause is None else CAUSES.get(cause, "other")


@dataclass(frozen=True)
class Mark:
    """How long the logs were before the call."""

    bridge: int
    asterisk: int


def _bridge_log(layout: Layout) -> Path:
    return layout.log / f"bridge-{NODE}.log"


def _asterisk_log(layout: Layout) -> Path:
    return layout.node_dir(NODE) / "log" / "messages.log"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def mark(layout: Layout) -> Mark:
    """Call it before the call."""
    return Mark(_size(_bridge_log(layout)), _size(_asterisk_log(layout)))


def fields_of(line: str) -> dict[str, str]:
    """`key=value` pairs of a log line; quoted values as the bridge's log quotes them (JSON)."""
    found = {}
    for key, value in _FIELD.findall(line):
        try:
            found[key] = json.loads(value) if value.startswith('"') else value
        except ValueError:
            found[key] = value
    return found


def _actions(path: Path, offset: int, action: str, endpoint: str) -> list[dict[str, str]]:
    """Fields of the log's lines since then about this telephone; a log that was emptied is read from its start."""
    if not path.exists():
        return []
    with path.open("rb") as log:
        log.seek(offset if _size(path) >= offset else 0)
        lines = log.read().decode("utf-8", "replace").splitlines()
    found = [fields_of(line) for line in lines if f"action={action} " in line]
    return [fields for fields in found if fields.get("endpoint") == endpoint]


def refusal(layout: Layout, before: Mark, endpoint: str) -> dict[str, Any] | None:
    """Reason, the bridge's detail and the sentence that was heard; None when nothing was refused.

    `tried`: the call was allowed and carriers were dialled, in vain.
    """
    refused = _actions(_asterisk_log(layout), before.asterisk, "call_refused", endpoint)
    decided = _actions(_bridge_log(layout), before.bridge, "authorise_call", endpoint)
    last = decided[-1] if decided else {}
    if not refused and last.get("decision") != "refused":
        return None
    reason = refused[-1]["reason"] if refused else last["reason"]
    tried = last.get("decision") in {"external", "emergency"}
    detail = last.get("detail") if last.get("reason") == reason else None
    return {"reason": reason, "detail": detail, "heard": heard(layout.repo, reason), "tried": tried}


def in_words(found: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """The refusal with `why` and `remedy` (telecom_switch_bridge/refusals.py)."""
    return {**found, **words, **({"why": "every carrier that was tried failed"} if found["tried"] else {})}


def heard(repo: Path, reason: str) -> str:
    """The sentence that the caller hears."""
    with (repo / "asterisk" / "sounds" / "prompts.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["file"]: row["text"] for row in csv.DictReader(file) if row["language"] == "en"}
    return ours.get(reason.replace("_", "-")) or CORE_PROMPTS.get(reason, "")


def lines_of(found: dict[str, Any]) -> list[str]:
    """A refusal as lines for people."""
    detail = f" [{found['detail']}]" if found["detail"] else ""
    sentence = f' (heard: "{found["heard"]}")' if found["heard"] else ""
    return [f"Refused: {found['reason']} - {found['why']}{detail}{sentence}", f"Remedy   {found['remedy']}"]
