"""Rating vectors: priced calls with their answers, as data (tests/vectors/FORMAT.md), run against the live rule.

`python -m telecom_switch_bridge vectors FILE...` prints a line per vector and exits 1 if any fails.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .bands import TariffError
from .money import format_micro, parse_micro
from .pricing import PricedCall, price_call
from .tariff import Band, Rounding, Step, Tariff

DONE, FAILED, MISUSE = 0, 1, 2

Vector = dict[str, Any]


class Unrateable(ValueError):  # noqa: N818  named after what the call is
    """No price for this call: a destination that the tariff does not cover."""


class Verdict(NamedTuple):
    """One vector's outcome (pass, FAIL or skipped), and what to print after it."""

    vector_id: str
    outcome: str
    detail: str


def main(words: list[str]) -> int:
    """Run the vector files named after the command word; return the exit code."""
    if len(words) < 2:
        print("usage: vectors FILE...", file=sys.stderr)
        return MISUSE
    verdicts: list[Verdict] = []
    for name in words[1:]:
        try:
            vectors = read_vectors(Path(name))
        except (OSError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return MISUSE
        verdicts += [judge(vector) for vector in vectors]
    for verdict in verdicts:
        print(f"{verdict.vector_id:<10} {verdict.outcome:<7} {verdict.detail}")
    counts = {outcome: sum(v.outcome == outcome for v in verdicts) for outcome in ("pass", "FAIL", "skipped")}
    print(f"{counts['pass']} passed, {counts['FAIL']} failed, {counts['skipped']} skipped")
    return FAILED if counts["FAIL"] else DONE


def read_vectors(path: Path) -> list[Vector]:
    """Vectors of a file; decimal numbers stay text, so that none passes through floating point."""
    vectors = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
    if not isinstance(vectors, list) or not all(isinstance(vector, dict) for vector in vectors):
        raise ValueError("a vector file is a JSON list of objects")
    return vectors


def judge(vector: Vector) -> Verdict:
    """Price one vector and compare; an expected cost of null (or "error") expects a refusal."""
    vector_id = str(vector.get("id", "?"))
    if vector.get("kind") != "rate":
        return Verdict(vector_id, "skipped", f"kind {vector.get('kind')}")
    try:
        priced = price_vector(vector)
    except ValueError as error:
        return _judge_refusal(vector, vector_id, str(error))
    except (KeyError, TypeError, AttributeError) as error:
        return Verdict(vector_id, "FAIL", f"not of the form of FORMAT.md: {type(error).__name__} {error}")
    faults = _differences(vector, priced)
    expected = "a refusal" if _expects_refusal(vector) else vector.get("expected_cost")
    detail = f"expected {expected} computed {format_micro(priced.cost_micro)}"
    return Verdict(vector_id, "FAIL" if faults else "pass", "; ".join([detail, *faults]))


def price_vector(vector: Vector) -> PricedCall:
    """Price of one vector; raises ValueError (TariffError, Unrateable) if it has none."""
    tariff = tariff_of(vector["tariff"])
    call = vector["call"]
    _check_covered(vector["tariff"].get("prefixes"), call.get("destination"))
    duration_s = call["duration_s"]
    if type(duration_s) is not int or duration_s < 0:
        raise ValueError(f"duration_s must be whole seconds, not {duration_s!r}")
    return price_call(tariff, _instant(call["start"]), duration_s)


def tariff_of(data: dict[str, Any]) -> Tariff:
    """Tariff of a vector, whose amounts are decimal text."""
    rounding = data.get("rounding") or {"method": "none"}
    max_cost = data.get("max_cost")
    return Tariff(
        timezone=data.get("timezone", "UTC"),
        bands=tuple(_band(band) for band in data["bands"]),
        rounding=Rounding(rounding["method"], rounding.get("decimals", 6)),
        included_s=data.get("included_s_with_connect_fee") or 0,
        min_duration_s=data.get("min_duration_s") or 0,
        grace_s=data.get("grace_s") or 0,
        grace_mode=data.get("grace_mode"),
        min_cost_micro=parse_micro(str(data.get("min_cost") or "0")),
        max_cost_micro=None if max_cost is None else parse_micro(str(max_cost)),
        max_cost_strategy=data.get("max_cost_strategy"),
    )


def _band(data: dict[str, Any]) -> Band:
    month_day = data.get("month_day")
    return Band(
        name=str(data.get("name", "")),
        days=tuple(data["days"]),
        from_s=_clock_s(data["from"]),
        to_s=_clock_s(data["to"]),
        weight=data["weight"],
        month_day=None if month_day is None else tuple(month_day),
        connect_fee_micro=parse_micro(str(data.get("connect_fee") or "0")),
        steps=tuple(sorted((_step(step) for step in data["steps"]), key=lambda step: step.from_s)),
    )


def _step(data: dict[str, Any]) -> Step:
    return Step(data["from_s"], parse_micro(str(data["price"])), data["price_unit_s"], data["increment_s"])


def _clock_s(text: str) -> int:
    """Second of the day of a local clock such as 08:00, 23:59:30 or 24:00."""
    parts = [int(part) for part in text.split(":")]
    if len(parts) not in (2, 3) or not all(0 <= part < 60 for part in parts[1:]) or not 0 <= parts[0] <= 24:
        raise TariffError(f"{text!r} is not a clock time such as 08:00")
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)


def _instant(text: str) -> datetime:
    """Aware instant; a text without offset is UTC."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _check_covered(prefixes: list[str] | None, destination: str | None) -> None:
    """Raise Unrateable unless a prefix covers the destination; no list covers all, no destination is covered."""
    if prefixes is None or destination is None:
        return
    if not any(_international(destination).startswith(_international(prefix)) for prefix in prefixes):
        raise Unrateable(f"no price for {destination}")


def _international(number: str) -> str:
    return number.removeprefix("+") if number.startswith("+") else number.removeprefix("00")


def _expects_refusal(vector: Vector) -> bool:
    expected = vector.get("expected") or {}
    if expected.get("error") or expected.get("refused") or expected.get("rateable") is False:
        return True
    return vector.get("expected_cost") in (None, "error") and not {"billed_s", "segments"} & set(expected)


def _judge_refusal(vector: Vector, vector_id: str, message: str) -> Verdict:
    if _expects_refusal(vector):
        return Verdict(vector_id, "pass", f"expected a refusal, refused: {message}")
    return Verdict(vector_id, "FAIL", f"expected {vector.get('expected_cost')} refused: {message}")


def _differences(vector: Vector, priced: PricedCall) -> list[str]:
    """What differs from the expectation; costs are compared as numbers, the rest where it is present."""
    if _expects_refusal(vector):
        return ["a refusal was expected"]
    faults = []
    expected_cost = vector.get("expected_cost")
    if expected_cost is not None and not _same_amount(str(expected_cost), priced.cost_micro):
        faults.append("cost differs")
    expected = vector.get("expected") or {}
    for name, computed in (("billed_s", priced.billed_s), ("segments", len(priced.segments))):
        if expected.get(name) is not None and expected[name] != computed:
            faults.append(f"{name} expected {expected[name]} computed {computed}")
    return faults


def _same_amount(expected: str, computed_micro: int) -> bool:
    try:
        return parse_micro(expected) == computed_micro
    except ValueError:
        return False
