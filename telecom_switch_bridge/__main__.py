"""Command line: `python -m telecom_switch_bridge run|explain|vectors ...`. Dispatch only."""

import sys
from importlib import import_module

COMMANDS = {
    "run": "telecom_switch_bridge.cli",
    "explain": "telecom_switch_bridge.cli",
    "vectors": "telecom_switch_bridge.core.vectors",
}
"""Command and the module that does it, by `main(words: list[str]) -> int` with the command as its first word."""

MISUSE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 failed, 2 misuse)."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] not in COMMANDS:
        print(f"usage: telecom_switch_bridge {'|'.join(COMMANDS)} ...", file=sys.stderr)
        return MISUSE
    return int(import_module(COMMANDS[words[0]]).main(words))


if __name__ == "__main__":
    sys.exit(main())
