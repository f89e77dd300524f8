"""The command line: exit codes, messages, and what may reach Asterisk."""

import json
import os
import subprocess
import sys

import pytest

from bss_cli import ami, call, main, nodes
from bss_cli.errors import BssError, MisuseError
from bss_cli.odoo import OdooInstance, check_loading
from bss_cli.paths import REPO, Layout
from bss_cli.privilege import Host


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("BSS_HOME", str(tmp_path / "home"))
    return Layout.find()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["test", "nonsense"], "no suite 'nonsense'"),
        (["call", "101"], "FROM and TO belong together"),
        (["call", "101", "0207", "--seconds", "0"], "--seconds"),
        (["call", "101", "0207", "--seconds", "99999"], "--seconds"),
    ],
)
def test_misuse_ends_with_2_and_says_what_to_do(arguments, message, capsys):
    assert main.main(arguments) == 2
    shown = capsys.readouterr().err
    assert message in shown and "->" in shown


@pytest.mark.parametrize("arguments", [[], ["fly"], ["call", "1", "2", "--seconds", "x"]])
def test_arguments_that_make_no_sense_end_with_2(arguments):
    with pytest.raises(SystemExit) as caught:
        main.main(arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize("arguments", [["call"], ["shell"], ["explain", "101", "0207"]])
def test_what_needs_a_running_system_says_so(arguments, capsys):
    assert main.main(arguments) == 1
    assert "./bss up" in capsys.readouterr().err


def test_status_before_the_first_up(capsys):
    assert main.main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["running"] is False
    assert main.main(["status"]) == 0
    assert "./bss up" in capsys.readouterr().out
    assert main.main(["down"]) == 0


def test_the_command_runs_with_the_standard_library_alone():
    shown = subprocess.run(
        [sys.executable, "-I", "-S", str(REPO / "bss"), "--help"], capture_output=True, text=True, check=True, cwd="/",
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert "vectors" in shown.stdout


@pytest.mark.parametrize("text", ["441\r\nAction: Command", "1&PJSIP/x", "1@trunk", "", "1" * 65, "${X}", "a,b"])
def test_a_number_that_could_mean_more_than_a_number_is_refused(text):
    with pytest.raises(BssError):
        nodes.safe_token(text)


def test_manager_messages_are_cut_where_they_end():
    found, rest = ami.parse_messages(b"Event: A\r\nX: 1: 2\r\n\r\nEvent: B\r\n\r\nEven")
    assert found == [{"Event": "A", "X": "1: 2"}, {"Event": "B"}]
    assert rest == b"Even"


def test_a_demo_telephone_is_found_by_extension_or_user_name(empty_home):
    empty_home.home.mkdir()
    empty_home.demo_credentials.write_text('{"sip": [{"username": "a1-101", "extension": "101", "password": "x"}]}')
    assert call.demo_account(empty_home, "101") == call.demo_account(empty_home, "a1-101")
    with pytest.raises(MisuseError, match="no telephone 999"):
        call.demo_account(empty_home, "999")


def test_the_report_of_a_call_names_route_seconds_and_balances():
    charge = {"level": 0, "number": "A1", "name": "Acme", "provider": "North", "billed_s": 75, "net": "0.043800",
              "tax": "0.000000", "gross": "0.043800", "currency": "EUR", "balance_before": "20.000000",
              "balance_after": "19.956200"}  # fmt: skip
    leg = {"attempt": 1, "carrier": "Atlantic", "trunk": "main", "direction": "outbound", "dialled": "0207",
           "e164": "442079460000", "disposition": "answered", "answered_s": 75, "carrier_billed_s": 75,
           "carrier_cost": "0.012500",
           "carrier_currency": "EUR", "charges": [charge]}  # fmt: skip
    end = {"answered": True, "talked_s": 75.0, "cause": "16", "text": "Normal Clearing"}
    shown = "\n".join(call.describe({"end": end, "legs": [leg]}))
    for part in ("Atlantic / main", "answered, 75 s", "= 0.012500 EUR", "balance 20.000000 -> 19.956200"):
        assert part in shown
    assert "nothing was dialled" in "\n".join(call.describe({"end": {**end, "answered": False}, "legs": []}))


def test_odoo_commands_get_the_configuration_after_the_command_word(tmp_path):
    layout = Layout(tmp_path, tmp_path / "home")
    host = Host(False, "me", 1, 1, False)
    odoo = OdooInstance(layout, host, None, "secret", tmp_path / "odoo.conf", tmp_path / "data", tmp_path / "log")
    start, conf = [str(layout.python), str(layout.odoo / "usr/bin/odoo")], str(tmp_path / "odoo.conf")
    assert odoo.argv() == [*start, "-c", conf]
    assert odoo.argv("-d", "x") == [*start, "-c", conf, "-d", "x"]
    assert odoo.argv("shell", "-d", "x") == [*start, "shell", "-c", conf, "-d", "x"]


def test_an_error_while_addons_load_is_a_failure_although_odoo_ends_well():
    check_loading("2026-01-01 INFO db odoo: fine")
    with pytest.raises(BssError, match=r"odoo\.tools\.convert"):
        check_loading("2026-01-01 10:00:00,1 9 ERROR db odoo.tools.convert: bad view")


def test_the_service_user_is_entered_by_setpriv_and_reads_only_when_it_must():
    plain = Host(True, "telecom-bss", 990, 990, False).as_service(["x"])
    assert plain == ["setpriv", "--reuid=990", "--regid=990", "--clear-groups", "--", "x"]
    reading = Host(True, "telecom-bss", 990, 990, True).as_service(["x"])
    assert "--ambient-caps=+dac_read_search" in reading
    assert Host(False, "me", 1000, 1000, False).as_service(["x"]) == ["x"]
