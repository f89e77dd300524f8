"""Command line: `python -m telecom_switch_bridge run|explain|vectors ...`. Dispatch only."""

import sys
from importlib import import_module

COMMANDS = {
    "run": "telecom_switch_bridge.app",
    "explain": "telecom_switch_bridge.explain_command",
    "vectors": "telecom_switch_bridge.core.vectors",
}
"""Command and the module whose `main(arguments: list[str]) -> int` does it; loaded when it is asked for."""

MISUSE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 failed, 2 misuse)."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] not in COMMANDS:
        print(f"usage: telecom_switch_bridge {'|'.join(COMMANDS)} ...", file=sys.stderr)
        return MISUSE
    return int(import_module(COMMANDS[words[0]]).main(words[1:]))


if __name__ == "__main__":
    sys.exit(main())
