"""Stories with a part missing; those that need Asterisk get a whole switch whose PostgreSQL nobody else uses."""

from collections.abc import Iterator

import pytest

from tests.support.bench import ami, bench, demo, proxy
from tests.support.fixtures import folder_of_a_run, running, switch
from tests.support.own_cluster import OwnCluster
from tests.support.proxy import Proxy
from tests.support.second_node import SecondNode
from tests.support.switch import Switch
from tests.support.until import until

__all__ = ["ami", "bench", "cluster", "demo", "proxy", "switch", "way", "whole_switch"]


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
