"""Writes the far end's `pjsip_phones.conf`: the node that it calls, the carriers' identity, the demo telephones.

Standard library only, because `./bss up` runs it before anything is installed.
"""

from collections.abc import Sequence

NODE = """\
; Made by data/demo/far_end/phones.py at each `./bss up`: holds passwords of the demonstration, never committed.

; What comes from the node, for the public network or for a demo telephone; and, the other way round, the carrier that
; brings calls for our numbers: Dial(PJSIP/<number>@node).
[node]
type = endpoint
context = from-node
aors = node
disallow = all
allow = alaw,ulaw
direct_media = no
; Encrypted voice when it is asked for, plain voice otherwise.
media_encryption = sdes
media_encryption_optimistic = yes

[node]
type = aor
contact = sip:{node_sip}

[node]
type = identify
endpoint = node
match = {node_ip}
"""

PHONE = """
[phone-{username}]
type = endpoint
context = from-node
aors = phone-{username}
outbound_auth = phone-{username}
from_user = {username}
disallow = all
allow = alaw,ulaw
direct_media = no

[phone-{username}]
type = aor
contact = sip:{node_sip}

[phone-{username}]
type = auth
auth_type = digest
username = {username}
password = {password}

[phone-{username}]
type = registration
server_uri = sip:{node_sip}
client_uri = sip:{username}@{node_sip}
contact_user = {username}
outbound_auth = phone-{username}
expiration = 300
max_random_initial_delay = 0
retry_interval = 5
forbidden_retry_interval = 10
fatal_retry_interval = 30
max_retries = 100000
"""


LINE = """
; A line of the carrier Baltic: whoever registers with this user name may call from anywhere, after a challenge.
[{username}]
type = endpoint
context = from-line
aors = {username}
auth = {username}
disallow = all
allow = {codecs}
direct_media = no
trust_id_inbound = yes

[{username}]
type = aor
max_contacts = 1
remove_existing = yes

[{username}]
type = auth
auth_type = digest
username = {username}
password = {password}
"""


def lines_text(lines: Sequence[dict[str, str]]) -> str:
    """Return the sections of a carrier's registered lines: username, password and codecs of each."""
    return "".join(LINE.format(**line) for line in lines)


def pjsip_phones(accounts: list[dict[str, str]], values: dict[str, str], lines: Sequence[dict[str, str]] = ()) -> str:
    """Return the text of pjsip_phones.conf.

    accounts are the `sip` entries of the demo credentials (username, password); values holds NODE_SIP_IP and
    NODE_SIP_PORT, where the node takes SIP; lines are accounts that a carrier's customers register with (username,
    password, codecs). ValueError on a text that would end its line or open a section.
    """
    node_ip, node_port = values["NODE_SIP_IP"], values["NODE_SIP_PORT"]
    texts = [node_ip, node_port, *(account[key] for account in accounts for key in ("username", "password"))]
    texts += [text for line in lines for text in line.values()]
    for text in texts:
        if not text or any(letter in text for letter in "\r\n;[]"):
            raise ValueError(f"not usable in pjsip_phones.conf: {text!r}")
    node_sip = f"{node_ip}:{node_port}"
    phones = (PHONE.format(node_sip=node_sip, username=a["username"], password=a["password"]) for a in accounts)
    return NODE.format(node_sip=node_sip, node_ip=node_ip) + "".join(phones) + lines_text(lines)
