"""The health page: whether all is well, and if not, what is not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def health_page(
    *,
    node: str,
    version: str,
    parts: Mapping[str, bool],
    helpers: Mapping[str, bool],
    catalogue_loaded_at: datetime | None,
    catalogue_fault: str | None,
    journal_lag_bytes: int,
    live_legs: int,
    alarms: Sequence[str],
    now: datetime,
) -> tuple[bool, dict[str, Any]]:
    """All is well when every part is; a catalogue is stale while changes of it cannot be heard or read.

    `helpers` are shown only: without ARI nobody is warned, but calls start, are charged and end as they should.
    `alarms`: what a person has to look at although calls go on.
    """
    is_well = all(parts.values())
    loaded = catalogue_loaded_at is not None
    return is_well, {
        "status": "ok" if is_well else "degraded",
        "node": node,
        "version": version,
        **{name: "ok" if good else "down" for name, good in {**parts, **helpers}.items()},
        "catalogue_age_s": (now - catalogue_loaded_at).total_seconds() if catalogue_loaded_at else None,
        "catalogue_fault": catalogue_fault,
        "catalogue_stale": loaded and not (parts["database"] and catalogue_fault is None),
        "journal_lag_bytes": journal_lag_bytes,
        "live_legs": live_legs,
        "alarms": list(alarms),
    }


def own_version() -> str:
    """Version of the installed daemon."""
    try:
        return version("telecom-switch-bridge")
    except PackageNotFoundError:
        return "unknown"
