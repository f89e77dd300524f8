"""Load the demo: `odoo shell < data/demo/load_demo.py`. Run again it adds nothing twice (see telecom_demo).

Environment: BSS_DEMO_CREDENTIALS = JSON file with log-ins and SIP accounts, read and written;
BSS_FAR_SIP = ip:port of the far end that plays the carriers.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from odoo.tools.misc import file_path

sys.path.insert(0, str(Path(file_path("telecom_base")).resolve().parents[1] / "data" / "demo"))

from telecom_demo import load  # stands beside this file, which the shell reads without its path

CREDENTIALS = Path(os.environ.get("BSS_DEMO_CREDENTIALS", "demo-credentials.json"))
FAR_SIP = os.environ.get("BSS_FAR_SIP", "127.0.0.2:5060")


def read_credentials(path):
    """Return what an earlier run wrote; nothing if there was none, or it was cut short."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def write_credentials(path, content):
    """Replace the file as a whole; only its owner may read it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    Path(file.name).replace(path)


def main(env):
    began = time.monotonic()
    credentials, made = load(env, read_credentials(CREDENTIALS), FAR_SIP)
    write_credentials(CREDENTIALS, credentials)  # before the commit: a password that is in force is always written
    env.cr.commit()
    seconds = time.monotonic() - began
    print(
        f"Demo: {made} records added, {len(credentials['users'])} people, {len(credentials['sip'])} telephones"
        f" ({seconds:.1f} s)."
    )


main(env)  # noqa: F821  # the shell's own
