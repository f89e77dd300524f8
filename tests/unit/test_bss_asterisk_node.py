"""Rendering an Asterisk node from its templates, and the bridge's settings."""

import tomllib

import pytest

from bss_cli.asterisk_node import render_node, templates_of
from bss_cli.bridge_node import write_bridge_toml
from bss_cli.errors import BssError

VALUES = {"SIP_IP": "127.0.0.1", "SIP_PORT": "5060"}


@pytest.fixture
def source(tmp_path):
    etc = tmp_path / "asterisk" / "etc"
    dialplan = tmp_path / "asterisk" / "dialplan"
    etc.mkdir(parents=True)
    dialplan.mkdir()
    (etc / "pjsip.conf").write_text("[udp]\nbind=@@SIP_IP@@:@@SIP_PORT@@\n")
    (dialplan / "10_entry.conf").write_text("[from-phone]\n")
    (dialplan / "README.md").write_text("@@NOT_READ@@")
    return tmp_path / "asterisk"


def test_placeholders_are_filled_and_the_dialplan_keeps_its_folder(source, tmp_path):
    dest = tmp_path / "node"
    assert render_node(templates_of(source), dest, VALUES)
    assert (dest / "pjsip.conf").read_text() == "[udp]\nbind=127.0.0.1:5060\n"
    assert sorted(str(file.relative_to(dest)) for file in dest.rglob("*.*")) == ["dialplan/10_entry.conf", "pjsip.conf"]


def test_rendering_again_changes_nothing_and_removes_what_has_no_template(source, tmp_path):
    dest = tmp_path / "node"
    render_node(templates_of(source), dest, VALUES)
    assert not render_node(templates_of(source), dest, VALUES)
    (dest / "left_over.conf").write_text("old")
    assert render_node(templates_of(source), dest, VALUES)
    assert not (dest / "left_over.conf").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("secret=@@AMI_SECRET@@", r"pjsip.conf, line 3: placeholder @@AMI_SECRET@@ has no value"),
        ("port=@@SIP_PORT@", r"pjsip.conf, line 3: a half placeholder"),
        ("port=@@sip_port@@", r"pjsip.conf, line 3: a half placeholder"),
        ("port=@@@@", r"pjsip.conf, line 3: placeholder @@@@ has no value"),
    ],
)
def test_a_bad_placeholder_is_named_and_nothing_is_written(source, tmp_path, line, message):
    (source / "etc" / "pjsip.conf").write_text(f"[udp]\nbind=@@SIP_IP@@\n{line}\n")
    with pytest.raises(BssError, match=message):
        render_node(templates_of(source), tmp_path / "node", VALUES)
    assert not (tmp_path / "node").exists()


def test_no_templates_is_an_error_not_an_empty_node(tmp_path):
    with pytest.raises(BssError, match="No Asterisk templates"):
        render_node([], tmp_path / "node", VALUES)


def test_the_bridge_settings_are_toml_whatever_a_password_holds(tmp_path):
    settings = {"node": "a", "dsn": "postgresql://x", "agi": {"host": "127.0.0.1", "port": 4573, "on": True},
                "ami": {"secret": 'q"uote\\back\nline ü'}}  # fmt: skip
    path = write_bridge_toml(tmp_path / "a" / "bridge.toml", settings)
    assert tomllib.loads(path.read_text()) == settings
    assert path.stat().st_mode & 0o077 == 0
