"""Fixtures of stories that need a whole switch; conftest.py of calls/ and fault/ take them from here."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bss_cli.paths import Layout
from bss_cli.privilege import Host
from tests.support.switch import Switch
from tests.support.until import until


@pytest.fixture(scope="session")
def whole_switch() -> Iterator[Switch]:
    layout = Layout.find()
    # in the runtime folder, not in pytest's: the bridge and Odoo run as the service user
    folder = Host.find(layout).own(Path(os.environ["BSS_TEST_DIR"]) / "calls")
    shutil.rmtree(folder)
    switch = Switch(Host.find(layout).own(folder))
    try:
        switch.start()
        yield switch
    finally:
        switch.close()


@pytest.fixture
def switch(whole_switch: Switch, tmp_path: Path) -> Iterator[Switch]:
    """The switch with no call in it and nothing reserved, before and after the story."""
    whole_switch.recordings = tmp_path
    yield whole_switch
    whole_switch.hang_up_all()
    until(lambda: whole_switch.node.channels() == 0, seconds=10, reason="no channel is left")
    until(lambda: not whole_switch.reservations(), seconds=10, reason="nothing is reserved")
