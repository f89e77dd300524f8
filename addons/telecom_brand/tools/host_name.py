"""Host names as people type them, made into what a browser asks for."""

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST = 253  # characters of a host name (RFC 1035, 2.3.4)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
TOP = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")  # never digits only: that would be an address


def host_name(typed):
    """Return the host of a name or address of a page: small letters, ASCII, without scheme, port and path.

    Raises ValueError, whose text says what is wrong, for anything that is no host name of the Internet.
    """
    text = (typed or "").strip()
    host = _host_of(text)
    if not host:
        raise ValueError("it is empty")
    if _is_address(host):
        raise ValueError("it is an address, not a name")
    host = _ascii(host.rstrip("."))
    labels = host.split(".")
    if len(labels) < 2:
        raise ValueError("it has no dot")
    if len(host) > LONGEST or not all(LABEL.fullmatch(label) for label in labels) or not TOP.fullmatch(labels[-1]):
        raise ValueError("it has characters or parts that host names cannot have")
    return host


def asked_host(header):
    """Return the host of a request's Host header as `host_name` writes it; '' when it is none."""
    try:
        return host_name(header)
    except ValueError:
        return ""


def _host_of(text):
    try:
        return urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


def _is_address(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ascii(host):
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("it has characters or parts that host names cannot have") from None
