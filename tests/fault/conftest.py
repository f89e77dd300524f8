"""Stories with a part missing; those that need Asterisk get a whole switch whose PostgreSQL nobody else uses."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bss_cli.asterisk_node import node_path
from tests.support.bench import ami, bench, demo, proxy
from tests.support.fixtures import folder_of_a_run, running, switch
from tests.support.own_cluster import OwnCluster
from tests.support.proxy import Proxy
from tests.support.second_node import SecondNode
from tests.support.switch import Switch
from tests.support.until import until
from tests.support.wall_clock import WallClock

__all__ = ["ami", "bench", "cluster", "demo", "folder", "proxy", "switch", "way", "whole_switch"]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where Odoo, which runs as another user, may write."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[OwnCluster]:
    """PostgreSQL of the stories on the whole switch; they may stop it."""
    with folder_of_a_run() as folder:
        own = OwnCluster(folder)
        yield own
        own.close()


@pytest.fixture(scope="session")
def way(cluster: OwnCluster) -> Iterator[Proxy]:
    """The bridge's way to it."""
    own = Proxy(cluster.address)
    yield own
    own.close()


@pytest.fixture(scope="session")
def whole_switch(request: pytest.FixtureRequest, cluster: OwnCluster, way: Proxy) -> Iterator[Switch]:
    """One switch for the suite."""
    with (
        folder_of_a_run() as folder,
        running(Switch(folder, server=cluster.dsn, bridge_way=way.address), request) as switch,
    ):
        yield switch


@pytest.fixture
def second(switch: Switch) -> Iterator[SecondNode]:
    """Another node of the same switch."""
    other = SecondNode(switch)
    yield other
    switch.hang_up_all()
    until(lambda: not switch.reservations(), seconds=15, reason="nothing is reserved")
    other.close()


@pytest.fixture
def clock(switch: Switch) -> Iterator[WallClock]:
    """The switch under a clock that can be set; under the machine's own again after the story."""
    switch.bridge.stop()
    switch.node.stop()
    wall = WallClock(switch.node.folder)
    switch.bridge.environment = wall.environment()
    switch.node.environment = wall.environment(node_path(switch.node.name))
    switch.node.start()
    switch.bridge.start()
    yield wall
    switch.hang_up_all()
    until(lambda: not switch.reservations(), seconds=10, reason="nothing is reserved")
    switch.bridge.stop()
    switch.node.stop()
    switch.bridge.environment = switch.node.environment = {}
    switch.node.start()
    switch.bridge.start()
