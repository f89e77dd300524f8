"""Fixtures of stories that need a whole switch; conftest.py of calls/ and fault/ take them from here."""

import itertools
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bss_cli.paths import Layout
from bss_cli.privilege import Host
from tests.support.books import Books
from tests.support.switch import Switch
from tests.support.until import until

_numbers = itertools.count(1)
NAME = re.compile(r"t(\d+)n\d+(-far)?")


def forget_old_runs(*places: Path) -> None:
    """Remove what earlier runs left after failures; of a run that still goes on nothing."""
    for folder in (folder for place in places if place.is_dir() for folder in place.iterdir()):
        match = NAME.fullmatch(folder.name)
        if match and not Path(f"/proc/{match[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def folder_of_a_run() -> Iterator[Path]:
    """A folder for one switch: not in pytest's own, since bridge and Odoo run as the service user."""
    layout = Layout.find()
    place = Path(os.environ["BSS_TEST_DIR"])
    forget_old_runs(place, layout.node_dir("x").parent)
    yield Host.find(layout).own(place / f"t{os.getpid()}n{next(_numbers)}")


@contextmanager
def running(switch: Switch, request: pytest.FixtureRequest) -> Iterator[Switch]:
    """Start a switch and stop it; logs stay when a story failed, until the next run."""
    try:
        switch.start()
        yield switch
    finally:
        switch.close(keep=bool(request.session.testsfailed))


@pytest.fixture(scope="session")
def whole_switch(request: pytest.FixtureRequest) -> Iterator[Switch]:
    """One switch for a suite."""
    with folder_of_a_run() as folder, running(Switch(folder), request) as switch:
        yield switch


@pytest.fixture
def switch(whole_switch: Switch, tmp_path: Path) -> Iterator[Switch]:
    """The switch with no call in it and nothing reserved, before and after the story; its books are right after it."""
    whole_switch.recordings = tmp_path
    whole_switch.books = Books(whole_switch)
    yield whole_switch
    whole_switch.hang_up_all()
    until(lambda: whole_switch.node.channels() == 0, seconds=10, reason="no channel is left")
    until(lambda: not whole_switch.reservations(), seconds=10, reason="nothing is reserved")
    whole_switch.books.check()
