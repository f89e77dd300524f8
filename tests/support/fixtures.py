"""Fixtures of stories that need a whole switch; conftest.py of calls/ and fault/ take them from here."""

import itertools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bss_cli.paths import Layout
from bss_cli.privilege import Host
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


@pytest.fixture(scope="session")
def whole_switch(request: pytest.FixtureRequest) -> Iterator[Switch]:
    """One switch for a suite; logs stay when a story failed, until the next run."""
    layout = Layout.find()
    # in the runtime folder, not in pytest's: the bridge and Odoo run as the service user
    place = Path(os.environ["BSS_TEST_DIR"])
    forget_old_runs(place, layout.node_dir("x").parent)
    folder = Host.find(layout).own(place / f"t{os.getpid()}n{next(_numbers)}")
    switch = Switch(folder)
    try:
        switch.start()
        yield switch
    finally:
        switch.close(keep=bool(request.session.testsfailed))


@pytest.fixture
def switch(whole_switch: Switch, tmp_path: Path) -> Iterator[Switch]:
    """The switch with no call in it and nothing reserved, before and after the story."""
    whole_switch.recordings = tmp_path
    yield whole_switch
    whole_switch.hang_up_all()
    until(lambda: whole_switch.node.channels() == 0, seconds=10, reason="no channel is left")
    until(lambda: not whole_switch.reservations(), seconds=10, reason="nothing is reserved")
