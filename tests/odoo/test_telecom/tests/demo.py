import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parents[4] / "data" / "demo"
FAR_SIP = "192.0.2.5:5070"


def load_demo(env, known=None):
    """Load the demo in this test's transaction; return (credentials, how many records were added)."""
    if str(DEMO) not in sys.path:
        sys.path.insert(0, str(DEMO))
    from telecom_demo import load

    return load(env, known or {}, FAR_SIP)
