"""Choosing free loopback ports, and remembering them."""

import json
import os
import socket
import stat

import pytest

from bss_cli import config, ports
from bss_cli.paths import Layout


def free_except(*taken):
    return lambda _address, port, _kind: port not in taken


@pytest.mark.parametrize(
    ("taken", "used", "expected"),
    [
        ((), (), 8069),  # the preferred one
        ((8069,), (), 8079),  # a stranger's: ten further
        ((), (8069,), 8079),  # one that another part of ours was just given
        ((8069, 8089), (8079,), 8099),
    ],
)
def test_the_next_free_port_is_taken(taken, used, expected):
    assert ports.choose_port("127.0.0.1", 8069, used=used, free=free_except(*taken)) == expected


def test_no_free_port_ends_instead_of_searching_for_ever():
    with pytest.raises(OverflowError):
        ports.choose_port("127.0.0.1", 8069, free=lambda *_: False)


@pytest.mark.parametrize(("kind", "number"), [("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)])
def test_a_held_port_is_not_free_and_its_holder_is_named(kind, number):
    with socket.socket(socket.AF_INET, number) as held:
        held.bind(("127.0.0.1", 0))
        if kind == "tcp":
            held.listen()
        port = held.getsockname()[1]
        assert not ports.is_free("127.0.0.1", port, kind)
        assert not ports.is_free("127.0.0.1", port, "both")
        assert f"(pid {os.getpid()})" in ports.holder_of("127.0.0.1", port, kind)
        assert ports.holder_of("127.0.0.77", port, kind) == "an unknown program"
    assert ports.is_free("127.0.0.1", port, kind)


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / "repo", tmp_path / "home")


def test_ports_and_passwords_stay_the_same_from_run_to_run(layout, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda *_: True)
    first = config.settle(layout, set())
    assert first == config.settle(layout, set()) == config.load(layout)
    assert set(first.ports) == set(config.PORT_RULES)
    assert stat.S_IMODE(layout.secrets.stat().st_mode) == 0o600


def test_no_two_of_our_places_collide(layout, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda *_: True)
    settings = config.settle(layout, set())
    places = [settings.at(name) for name in config.PORT_RULES]
    assert len(places) == len(set(places))


def test_a_remembered_port_taken_by_a_stranger_is_replaced_and_that_is_said(layout, monkeypatch, capsys):
    monkeypatch.setattr(ports, "is_free", lambda *_: True)
    old = config.settle(layout, set()).ports["odoo_http"]
    monkeypatch.setattr(ports, "is_free", lambda _address, port, _kind: port != old)
    monkeypatch.setattr(ports.choose_port, "__kwdefaults__", {"used": (), "free": ports.is_free})
    new = config.settle(layout, set()).ports["odoo_http"]
    assert new == old + 10
    assert f"port {old} (odoo_http) is taken" in capsys.readouterr().out
    assert json.loads(layout.config.read_text())["ports"]["odoo_http"] == new


def test_a_port_held_by_our_own_running_service_is_kept(layout, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda *_: True)
    old = config.settle(layout, set()).ports
    monkeypatch.setattr(ports, "is_free", lambda *_: False)
    running = {rule.service for rule in config.PORT_RULES.values()}
    assert config.settle(layout, running).ports == old
