"""Fixtures: a clone of the template, the demo in it, a fake Asterisk and the real bridge, for each test module."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import db as db_support
from tests.support.daemon import Bench, Daemon
from tests.support.db import Database
from tests.support.demo_rows import Demo
from tests.support.fake_ami import FakeAmi
from tests.support.proxy import Proxy


@pytest.fixture(scope="module")
def demo(request: pytest.FixtureRequest) -> Iterator[Demo]:
    """The demo in a database of this module's own."""
    if not db_support.is_there():
        pytest.skip("BSS_TEST_DSN and BSS_TEST_TEMPLATE name no database: ./bss test bridge makes one")
    database = Database(f"bss_bridge_{request.module.__name__.rpartition('.')[2]}_{os.getpid()}")
    yield Demo(database)
    database.close()


@pytest.fixture(scope="module")
def ami() -> Iterator[FakeAmi]:
    """A manager interface without Asterisk."""
    fake = FakeAmi()
    yield fake
    fake.close()


@pytest.fixture(scope="module")
def proxy(demo: Demo) -> Iterator[Proxy]:
    """The bridge's way to PostgreSQL."""
    way = Proxy(demo.db.address)
    yield way
    way.close()


@pytest.fixture(scope="module")
def bench(demo: Demo, ami: FakeAmi, proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A bridge that serves."""
    folder: Path = tmp_path_factory.mktemp("bridge")
    daemon = Daemon(folder, demo.db.bridge_dsn(proxy.address), ami)
    daemon.start()
    yield Bench(demo, ami, daemon)
    daemon.close()
