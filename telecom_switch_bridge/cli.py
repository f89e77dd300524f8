"""Commands `run` and `explain` of the daemon."""

import argparse
import asyncio
import gc
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from .app import App
from .config import Settings, load_settings
from .errors import BridgeError, Misused, SetupWrong
from .explain_call import explain_command
from .observe.log import set_up_logging

DONE, FAILED, MISUSE = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Run one command; exit code 0 done, 1 failed, 2 misuse."""
    options = _parser().parse_args(arguments)
    set_up_logging("INFO" if options.command == "run" else "ERROR")
    try:
        settings = load_settings(options.config)
        if options.command == "run":
            uvloop.run(_run(settings))
            return DONE
        return asyncio.run(_explain(settings, options))
    except (SetupWrong, Misused) as error:
        print(f"telecom_switch_bridge: {error}", file=sys.stderr)
        return MISUSE
    except (BridgeError, OSError) as error:
        print(f"telecom_switch_bridge: {error}", file=sys.stderr)
        return FAILED


async def _explain(settings: Settings, options: argparse.Namespace) -> int:
    return await explain_command(
        settings, options.caller, options.to, options.at, options.seconds, as_json=options.json
    )


def seek_cycles_seldom() -> None:
    """A call leaves no cycles of objects, and the catalogue in which they would be looked for is large."""
    gc.set_threshold(50_000, 20, 100)


async def _run(settings: Settings) -> None:
    seek_cycles_seldom()
    await App(settings).run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="telecom_switch_bridge")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="serve calls of one Asterisk until SIGTERM")
    explain_ = commands.add_parser("explain", help="price and route of a call, each step with its source")
    explain_.add_argument(
        "caller", metavar="FROM", help="telephone: SIP user name, extension or own number; or trunk-N: a carrier calls"
    )
    explain_.add_argument("to", metavar="TO", help="number as people write it: spaces, dashes, dots, brackets are fine")
    explain_.add_argument("--at", type=_instant, default=None, help="instant of answer, ISO 8601; UTC unless it says")
    explain_.add_argument("--seconds", type=_seconds, default=60, help="answered seconds (default 60)")
    explain_.add_argument("--json", action="store_true", help="one JSON object")
    for command in (run, explain_):
        command.add_argument("--config", type=Path, required=True, help="settings, TOML")
    return parser


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant such as 2026-01-31T18:00") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 14_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to 14400")
    return int(text)
