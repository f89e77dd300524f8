"""Certificates for trying out: who is named in them, who may read their keys, when they are made anew."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from bss_cli import certificates, proxy_node
from bss_cli.paths import REPO, Layout
from bss_cli.privilege import Host


def certificate(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "certificates" / f"{name}.crt").read_bytes())


def names(folder: Path, name: str) -> list[str]:
    found = certificate(folder, name).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(one.value) for one in found]


def test_each_host_has_its_own_and_names_no_other(tmp_path):
    assert certificates.refresh(tmp_path, ["a.example", "b.example"])
    assert names(tmp_path, "a.example") == ["a.example"]
    assert names(tmp_path, "b.example") == ["b.example"]
    assert names(tmp_path, "neutral") == ["localhost", "127.0.0.1"]
    assert (tmp_path / "hosts.map").read_text() == "a.example a.example;\nb.example b.example;\n"
    authority = x509.load_pem_x509_certificate((tmp_path / "authority.crt").read_bytes())
    for name in ("a.example", "neutral"):
        certificate(tmp_path, name).verify_directly_issued_by(authority)
        lasts = certificate(tmp_path, name).not_valid_after_utc - datetime.now(UTC)
        assert lasts < timedelta(days=398)


def test_python_takes_key_and_certificate_together(tmp_path):
    certificates.refresh(tmp_path, ["a.example"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    place = tmp_path / "certificates"
    context.load_cert_chain(place / "a.example.crt", place / "a.example.key")
    ssl.create_default_context(cafile=str(tmp_path / "authority.crt"))


def test_keys_are_for_their_owner_only(tmp_path):
    certificates.refresh(tmp_path, ["a.example"])
    keys = [tmp_path / "authority.key", *(tmp_path / "certificates").glob("*.key")]
    assert len(keys) == 3
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_nothing_is_made_twice_and_what_runs_out_is_made_anew(tmp_path, monkeypatch):
    certificates.refresh(tmp_path, ["a.example"])
    serial = certificate(tmp_path, "a.example").serial_number
    assert not certificates.refresh(tmp_path, ["a.example"])
    assert certificate(tmp_path, "a.example").serial_number == serial
    monkeypatch.setattr(certificates, "RENEW_DAYS", certificates.HOST_DAYS + 1)
    assert certificates.refresh(tmp_path, ["a.example"])
    assert certificate(tmp_path, "a.example").serial_number != serial


def test_a_database_that_is_away_takes_no_host_away(tmp_path):
    certificates.refresh(tmp_path, ["a.example"])
    assert certificates.hosts_in_use("postgresql://nobody@127.0.0.1:1/none") is None
    assert not certificates.refresh(tmp_path, None)
    assert "a.example" in (tmp_path / "hosts.map").read_text()


def test_a_host_that_is_given_up_falls_to_the_neutral_one(tmp_path):
    certificates.refresh(tmp_path, ["a.example", "b.example"])
    assert certificates.refresh(tmp_path, ["b.example"])
    assert (tmp_path / "hosts.map").read_text() == "b.example b.example;\n"


def test_the_proxys_configuration_is_filled_in(tmp_path):
    host = Host(is_root=False, user="x", uid=0, gid=0, needs_read_capability=False)
    layout = Layout(REPO, tmp_path)
    conf = proxy_node.Proxy(layout, host, tmp_path / "proxy", "127.0.0.1:1", "127.0.0.1:2", "").write_conf()
    text = conf.read_text()
    assert "listen 127.0.0.1:1 ssl" in text
    assert text.count("server 127.0.0.1:2;") == 2
    assert f"include {tmp_path}/proxy/hosts.map;" in text
    assert "@" not in "".join(line for line in text.splitlines() if not line.strip().startswith("#"))


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"])
def test_the_proxy_overwrites_what_odoo_believes(header):
    assert f"proxy_set_header {header} " in (REPO / "proxy" / "nginx.conf").read_text()
