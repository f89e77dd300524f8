"""Load the month of the demo: `odoo shell < data/demo/load_story.py`, after load_demo.py.

Run again it adds nothing twice.

Environment: BSS_DEMO_SCALE = so many times the usual calls (tests take fewer).
"""

import sys
import time
from pathlib import Path

from odoo.tools.misc import file_path

sys.path.insert(0, str(Path(file_path("telecom_base")).resolve().parents[1] / "data" / "demo"))

from telecom_story.load import dsn_of, load_story, scale_of  # stands beside this file

began = time.monotonic()
made, told = load_story(env, dsn_of(env), scale_of())  # noqa: F821  # the shell's own
print(f"Month: {made} records added, {dict(told)} ({time.monotonic() - began:.1f} s).")
