"""Set-up steps: done once for their inputs, done again after an interruption, a change, or a loss."""

import os
import time

import pytest

from bss_cli import shell, steps
from bss_cli.errors import BssError
from bss_cli.paths import Layout
from bss_cli.services import process_start


class Recorder:
    """A step that makes a file and counts how often it was built."""

    def __init__(self, layout):
        self.layout = layout
        self.inputs = "v1"
        self.built = 0
        self.failing = False
        self.result = layout.home / "result"

    def step(self):
        return steps.Step("sample", "Sample", lambda: self.inputs, self.result.exists, self._build)

    def _build(self):
        self.built += 1
        if self.failing:
            raise BssError("half way")
        self.result.write_text("whole")
        return {"sample": self.inputs}


@pytest.fixture
def recorder(tmp_path):
    layout = Layout(tmp_path / "repo", tmp_path / "home")
    layout.home.mkdir()
    return Recorder(layout)


def test_a_finished_step_is_not_done_again(recorder):
    assert steps.run_step(recorder.layout, recorder.step())
    assert not steps.run_step(recorder.layout, recorder.step())
    assert recorder.built == 1
    assert steps.versions(recorder.layout) == {"sample": "v1"}


def test_changed_inputs_do_it_again(recorder):
    steps.run_step(recorder.layout, recorder.step())
    recorder.inputs = "v2"
    assert steps.run_step(recorder.layout, recorder.step())
    assert steps.versions(recorder.layout) == {"sample": "v2"}


def test_a_lost_result_does_it_again(recorder):
    steps.run_step(recorder.layout, recorder.step())
    recorder.result.unlink()
    assert steps.run_step(recorder.layout, recorder.step())


def test_an_interrupted_step_leaves_no_marker_even_when_it_was_done_before(recorder):
    steps.run_step(recorder.layout, recorder.step())
    recorder.inputs, recorder.failing = "v2", True
    with pytest.raises(BssError):
        steps.run_step(recorder.layout, recorder.step())
    recorder.inputs, recorder.failing = "v1", False
    assert steps.run_step(recorder.layout, recorder.step())


def test_run_steps_does_only_what_is_missing_in_order(recorder, tmp_path):
    other = Recorder(Layout(tmp_path / "repo", tmp_path / "home"))
    other.result = tmp_path / "home" / "other"
    second = steps.Step("second", "Second", lambda: "x", other.result.exists, other._build)
    steps.run_step(recorder.layout, recorder.step())
    assert steps.run_steps(recorder.layout, [recorder.step(), second]) == ["second"]


def test_too_little_disk_is_said_before_anything_is_done(recorder):
    with pytest.raises(BssError, match="GB are free") as caught:
        steps.check_disk(recorder.layout, needed=10**18)
    assert "BSS_HOME" in caught.value.remedy


def test_a_finished_folder_replaces_the_old_one_as_a_whole(tmp_path):
    new, final = tmp_path / "new", tmp_path / "final"
    for folder, text in ((new, "new"), (final, "old")):
        folder.mkdir()
        (folder / "file").write_text(text)
    steps.swap_in(new, final)
    assert (final / "file").read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["final"]


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("E: Unable to locate package odoo-19", "no longer offered"),
        ("ERROR: No matching distribution found for numpy==9", "no longer offered"),
        ("Err:1 http://x Temporary failure resolving 'x'", "could not be reached"),
        ("NewConnectionError: Connection refused", "could not be reached"),
        (
            "WARNING: Retrying ... NewConnectionError\nERROR: No matching distribution found for x",
            "could not be reached",
        ),
        ("E: Failed to fetch http://x/y.deb  404  Not Found", "no longer offered"),
        ("write error: No space left on device", "disk is full"),
        ("chroot: Operation not permitted", "right is missing"),
        ("something else", ""),
    ],
)
def test_failures_of_other_programs_are_explained(output, message):
    assert message in shell.explain_failure(output)[0]


def test_a_failed_program_is_named_with_its_last_words_and_a_remedy(tmp_path):
    with pytest.raises(BssError, match=r"(?s)sh -c .* ended with 3.*No space left on device") as caught:
        shell.run_logged(["sh", "-c", "echo No space left on device; exit 3"], tmp_path / "log" / "x.log")
    assert "5 GB" in caught.value.remedy


def test_a_program_that_hangs_is_ended_with_what_it_started(tmp_path):
    child = tmp_path / "child.pid"
    script = f"sleep 30 & echo $! > {child}; wait"
    with pytest.raises(BssError, match="did not end within"):
        shell.run_logged(["sh", "-c", script], tmp_path / "x.log", timeout_s=1.5)
    deadline = time.monotonic() + 5
    while os.geteuid() == 0 and process_start(int(child.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(BssError, match="no-such-program"):
        shell.run_logged(["no-such-program"], tmp_path / "x.log")
