"""The shared vectors pass, and a wrong or unreadable one is told."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from telecom_switch_bridge.__main__ import main
from telecom_switch_bridge.core.vectors import judge, read_vectors

EXAMPLES = Path(__file__).parents[2] / "vectors" / "rate-examples.json"
VECTORS = read_vectors(EXAMPLES)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_shared_vectors_pass(vector):
    assert judge(vector).outcome == "pass", judge(vector).detail


def changed(**paths):
    vector = deepcopy(VECTORS[0])
    for path, value in paths.items():
        *parents, last = path.split("__")
        place = vector
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return vector


@pytest.mark.parametrize(
    ("vector", "outcome"),
    [
        (changed(expected_cost="2701.000001"), "FAIL"),
        (changed(expected_cost="2701.0"), "pass"),
        (changed(expected__billed_s=3599), "FAIL"),
        (changed(expected__segments=2), "pass"),
        (changed(expected__segments=1), "FAIL"),
        (changed(call__destination="0999"), "FAIL"),
        (changed(call__destination="0999", expected_cost=None), "pass"),
        (changed(call__destination="+49301"), "pass"),
        (changed(call__destination="0049301"), "pass"),
        (changed(call__destination="49301"), "pass"),
        (changed(call__destination="0299", expected__error="unrateable"), "pass"),
        (changed(expected_cost=None), "FAIL"),
        (changed(tariff__bands=[], expected_cost=None), "pass"),
        (changed(tariff__max_cost="0.1234567"), "FAIL"),
        (changed(call__duration_s=-1), "FAIL"),
        (changed(call__start="soon"), "FAIL"),
        (changed(call={}, expected_cost=None), "FAIL"),
        (changed(kind="lcr"), "skipped"),
    ],
)
def test_a_vector_is_judged_by_its_expectation(vector, outcome):
    assert judge(vector).outcome == outcome, judge(vector).detail


def test_the_command_prints_each_vector_and_exits_by_the_worst(tmp_path, capsys):
    assert main(["vectors", str(EXAMPLES)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["CG-01", "pass", "expected", "2701", "computed", "2701.000000"]
    assert printed[-1] == "27 passed, 0 failed, 0 skipped"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps([changed(expected_cost="1")]))
    assert main(["vectors", str(wrong)]) == 1
    assert "FAIL" in capsys.readouterr().out


def test_misuse_is_told_apart(tmp_path, capsys):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    assert main([]) == main(["vectors"]) == main(["vectors", str(broken)]) == main(["vectors", "absent"]) == 2
    assert "usage" in capsys.readouterr().err
