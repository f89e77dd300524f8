"""Voice ports: two Asterisks of one host never have the same ones."""

import socket

import pytest

from bss_cli import config, ports, rtp_ranges
from bss_cli.paths import Layout

FIRST = (10_000, 10_998)


@pytest.mark.parametrize(
    ("taken", "chosen"),
    [
        ([], FIRST),
        ([(20_000, 20_998)], FIRST),
        ([FIRST], (11_000, 11_998)),
        ([(10_998, 10_998)], (11_000, 11_998)),  # one bound port is enough
        ([(9000, 12_500)], (13_000, 13_998)),
        ([(10_000, 20_000)], (21_000, 21_998)),  # another's Asterisk with its sample configuration
        ([(5000, 31_999)], FIRST),  # nothing is free: better shared than none
    ],
)
def test_the_next_range_that_nobody_has_is_chosen(taken, chosen):
    assert rtp_ranges.choose_range(FIRST, taken) == chosen


def test_after_the_last_range_the_search_goes_on_at_the_first():
    assert rtp_ranges.choose_range((31_000, 31_998), [(31_500, 31_500)]) == FIRST


def process(proc, pid, argv, rtp=None):
    etc = proc / pid / "root" / "srv" / "bss" / "a" / "etc"
    etc.mkdir(parents=True)
    (proc / pid / "cmdline").write_text("\0".join(argv))
    if rtp:
        (etc / "rtp.conf").write_text(rtp)


def test_running_asterisks_are_read_in_their_own_roots(tmp_path):
    ours = ["/usr/sbin/asterisk", "-f", "-C", "/srv/bss/a/etc/asterisk.conf", ""]
    process(tmp_path, "1", ours, "[general]\nrtpstart = 10000\nrtpend=10998\n")
    process(tmp_path, "2", ours, "[general]\n; rtpstart = 1\nrtpstart => 20000\n")
    process(tmp_path, "3", ["asterisk"])
    process(tmp_path, "4", [*ours[:-1], "-rx", "core show channels"], "rtpstart = 7\n")
    process(tmp_path, "5", ["python", "asterisk"])
    (tmp_path / "6").mkdir()
    assert sorted(rtp_ranges.asterisk_ranges(tmp_path)) == [(5000, 31_000), (10_000, 10_998), (20_000, 31_000)]


def test_bound_ports_are_seen():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        assert port in rtp_ranges.bound_udp_ports()
    assert rtp_ranges.bound_udp_ports(["/nowhere"]) == set()


@pytest.fixture
def layout(tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda *_: True)
    return Layout(tmp_path / "repo", tmp_path / "home")


def taken_by_others(monkeypatch, *ranges):
    monkeypatch.setattr(rtp_ranges, "taken_ranges", lambda: list(ranges))


def test_ranges_are_remembered_and_our_own_never_meet(layout, monkeypatch, capsys):
    taken_by_others(monkeypatch, FIRST, (12_000, 12_998))
    first = config.settle(layout, set())
    assert first.rtp == {"a": (11_000, 11_998), "far": (13_000, 13_998)}
    assert "voice ports 10000-10998 (a) are taken: using 11000-11998" in capsys.readouterr().out
    taken_by_others(monkeypatch)
    assert config.settle(layout, set()).rtp == first.rtp == config.load(layout).rtp


def test_the_range_of_our_running_node_is_kept(layout, monkeypatch):
    taken_by_others(monkeypatch)
    old = config.settle(layout, set()).rtp
    taken_by_others(monkeypatch, *old.values())
    assert config.settle(layout, {"asterisk-a", "asterisk-far"}).rtp == old
    assert config.settle(layout, {"asterisk-far"}).rtp["a"] != old["a"]
