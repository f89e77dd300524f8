"""Certificates of this installation's own authority, for trying things out: one for each host name of a brand.

Run by the environment's Python beside the reverse proxy. It looks at the host names in use again and again, so that a
brand's new name has its certificate a moment after it was approved. Real ones: docs/deploy.md.
"""

import ipaddress
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOOK_EVERY_S = 2.0
AUTHORITY_DAYS, HOST_DAYS = 3650, 397  # browsers take no certificate of longer than 398 days
RENEW_DAYS = 30
NEUTRAL, NEUTRAL_NAMES = "neutral", ("localhost", "127.0.0.1")
HOSTS = "select name from telecom_brand_host where state = 'active' order by name"

Key = ec.EllipticCurvePrivateKey


def main() -> None:
    """Arguments: the proxy's folder. Environment: BSS_DSN, the database whose brands have the host names."""
    folder = Path(sys.argv[1])
    while True:
        if refresh(folder, hosts_in_use(os.environ["BSS_DSN"])):
            tell_proxy(folder)
        time.sleep(LOOK_EVERY_S)


def hosts_in_use(dsn: str) -> list[str] | None:
    """Host names that brands have; None while the database is away or has no brands."""
    try:
        with psycopg.connect(dsn, connect_timeout=3) as connection:
            return [name for (name,) in connection.execute(HOSTS).fetchall()]
    except psycopg.Error:
        return None


def refresh(folder: Path, hosts: Sequence[str] | None) -> bool:
    """Make what is missing or runs out; return whether the proxy has to read again. None: hosts are as they were."""
    key, authority = ensure_authority(folder)
    made = ensure_host(folder, NEUTRAL, NEUTRAL_NAMES, key, authority)
    known = folder / "hosts.map"
    if hosts is None:
        return made
    for host in hosts:
        made = ensure_host(folder, host, (host,), key, authority) or made
    text = "".join(f"{host} {host};\n" for host in hosts)
    if not known.exists() or known.read_text(encoding="ascii") != text:
        replace_file(known, text.encode("ascii"), 0o644)
        made = True
    return made


def tell_proxy(folder: Path) -> None:
    """Let nginx read its certificates again; it may not run yet."""
    try:
        os.kill(int((folder / "nginx.pid").read_text(encoding="ascii")), signal.SIGHUP)
    except (OSError, ValueError):
        return


def ensure_authority(folder: Path) -> tuple[Key, x509.Certificate]:
    """The authority's key and certificate, made once."""
    key_file, file = folder / "authority.key", folder / "authority.crt"
    if file.exists() and key_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SystemExit(f"{key_file} is not a key that this program made: delete the folder {folder}.")
        return key, x509.load_pem_x509_certificate(file.read_bytes())
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Certificates for trying out")])
    certificate = (
        _blank(name, name, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    replace_file(key_file, _pem(key), 0o600)
    replace_file(file, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return key, certificate


def ensure_host(folder: Path, name: str, hosts: Sequence[str], key: Key, authority: x509.Certificate) -> bool:
    """Make the certificate of one name unless there is one of this authority that lasts; return whether it was made."""
    file, key_file = folder / "certificates" / f"{name}.crt", folder / "certificates" / f"{name}.key"
    now = datetime.now(UTC)
    if file.exists() and key_file.exists():
        known = x509.load_pem_x509_certificate(file.read_bytes())
        if known.issuer == authority.subject and known.not_valid_after_utc > now + timedelta(days=RENEW_DAYS):
            return False
    file.parent.mkdir(exist_ok=True)
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
    certificate = (
        _blank(subject, authority.subject, own, now, HOST_DAYS)
        .add_extension(x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    replace_file(key_file, _pem(own), 0o600)
    replace_file(file, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return True


def _blank(subject: x509.Name, issuer: x509.Name, key: Key, now: datetime, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not signs, content_commitment=False, key_encipherment=False,
                         data_encipherment=False, key_agreement=False, key_cert_sign=signs, crl_sign=signs,
                         encipher_only=False, decipher_only=False)  # fmt: skip


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def replace_file(file: Path, content: bytes, mode: int) -> None:
    """Write a file as a whole; a key is never readable for others, not even for a moment."""
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as sink:
        sink.write(content)
    new.replace(file)


if __name__ == "__main__":
    main()
