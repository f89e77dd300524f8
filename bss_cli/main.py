"""The command line: parsing, and which module does what. Exit codes: 0 done, 1 failed, 2 misuse."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from . import call, config, services, setup_steps, status, testing, up
from .console import say, warn
from .errors import BssError, MisuseError
from .locks import exclusive
from .odoo import DATABASE
from .paths import Layout
from .privilege import Host
from .steps import run_steps

SUITES = ("unit", "odoo", "bridge", "calls", "browser", "fault", "all", "upstream")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="bss", description="Telecom BSS: Odoo 19, Asterisk 22 and the bridge between.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("up", help="set up what is missing, start everything, print URLs and log-ins")
    one.add_argument("--no-demo", action="store_true", help="no demo data and no far end")
    one.add_argument("--detach", action="store_true", help="let it run on and return")
    commands.add_parser("down", help="stop everything")
    one = commands.add_parser("status", help="state, addresses, log-ins of the demo, versions")
    one.add_argument("--json", action="store_true")
    one = commands.add_parser("logs", help="follow the logs")
    one.add_argument("part", nargs="?", metavar="PART", help="a service (odoo, bridge-a, asterisk-a, setup, ...)")
    one = commands.add_parser("test", help="set up and run tests; the last line is 'N passed, N failed'")
    one.add_argument("suites", nargs="*", metavar="SUITE", help=" ".join(SUITES) + " (default all, without upstream)")
    named = "only pytest tests (Odoo: only addons) with these words in their name"
    one.add_argument("-k", metavar="WORDS", dest="words", help=named)
    one = commands.add_parser("bench", help="run a bench: figure, unit, baseline, ratio")
    one.add_argument("name", metavar="NAME", help="authorise, calls, rate, soak ...")
    one.add_argument("--json", action="store_true")
    one.add_argument("--minutes", type=float, metavar="N", help="how long soak lasts (20)")
    one = commands.add_parser("call", help="a demo telephone places a real call; prints route, seconds, entries")
    one.add_argument("caller", nargs="?", metavar="FROM", help="extension or SIP user name of a demo telephone")
    one.add_argument("called", nargs="?", metavar="TO", help="number to dial")
    one.add_argument("--seconds", type=int, default=call.DEFAULT_SECONDS, metavar="N", help="hang up after N seconds")
    one.add_argument("--json", action="store_true")
    one = commands.add_parser("explain", help="price and route of a call with every step")
    one.add_argument("arguments", nargs=argparse.REMAINDER, metavar="FROM TO [--at T] [--seconds N] [--json]")
    one = commands.add_parser("vectors", help="run rating vectors")
    one.add_argument("file", metavar="FILE")
    one = commands.add_parser(
        "shots", help="pictures of every main page at 1280 and 390 pixels, with headless Chromium"
    )
    one.add_argument("folder", metavar="FOLDER")
    commands.add_parser("shell", help="Odoo shell on the running database")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = parser().parse_args(arguments)
    layout = Layout.find()
    try:
        return COMMANDS[options.command](layout, options)
    except MisuseError as error:
        warn(f"bss: {error}\n  -> {error.remedy}")
        return 2
    except BssError as error:
        warn(f"bss: {error}" + (f"\n  -> {error.remedy}" if error.remedy else ""))
        return 1
    except BrokenPipeError:  # the reader (head, less) went away; nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        warn("\nbss: interrupted. Finished steps are kept; the same command goes on from here.")
        return 1


def _up(layout: Layout, options: argparse.Namespace) -> int:
    return up.up(layout, demo=not options.no_demo, detach=options.detach)


def _down(layout: Layout, _options: argparse.Namespace) -> int:
    return up.down(layout)


def _status(layout: Layout, options: argparse.Namespace) -> int:
    if options.json:
        say(json.dumps(status.collect(layout), indent=1))
    else:
        status.print_human(layout)
    return 0


def _logs(layout: Layout, options: argparse.Namespace) -> int:
    return status.follow_logs(layout, options.part)


def _test(layout: Layout, options: argparse.Namespace) -> int:
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        raise MisuseError(f"There is no suite '{unknown[0]}'.", f"use one of: {' '.join(SUITES)}")
    return testing.run(layout, options.suites or ["all"], options.words)


def _bench(layout: Layout, options: argparse.Namespace) -> int:
    return testing.bench(layout, options.name, as_json=options.json, minutes=options.minutes)


def _call(layout: Layout, options: argparse.Namespace) -> int:
    if (options.caller is None) != (options.called is None):
        raise MisuseError("FROM and TO belong together.", "./bss call [FROM TO] [--seconds N]")
    if not 1 <= options.seconds <= call.LONGEST_SECONDS:
        raise MisuseError(f"--seconds must be 1 to {call.LONGEST_SECONDS}.", "./bss call 101 02079460000 --seconds 20")
    return call.place(layout, options.caller, options.called, options.seconds, as_json=options.json)


def need_python(layout: Layout) -> None:
    """Make sure that the Python environment exists, by the steps that it needs."""
    for folder in (layout.home, layout.state, layout.log, layout.build):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = setup_steps.install_steps(layout)[:3]
    with exclusive(layout):
        run_steps(layout, wanted)


def _explain(layout: Layout, options: argparse.Namespace) -> int:
    toml = layout.bridge_toml("a")
    if config.load(layout) is None or not toml.exists():
        raise BssError("There is no database to read prices from.", "run `./bss up` first")
    need_python(layout)
    return _module(layout, "telecom_switch_bridge", "explain", *options.arguments, "--config", str(toml))


def _vectors(layout: Layout, options: argparse.Namespace) -> int:
    need_python(layout)
    return _module(layout, "telecom_switch_bridge", "vectors", options.file)


def _module(layout: Layout, *arguments: str) -> int:
    return subprocess.run([str(layout.python), "-m", *arguments], check=False).returncode


def _shots(layout: Layout, options: argparse.Namespace) -> int:
    settings = config.load(layout)
    if settings is None or "odoo" not in services.running_names(layout) or not layout.demo_credentials.exists():
        raise BssError("No demo runs whose pages could be looked at.", "run `./bss up --detach` first")
    url = f"http://{settings.joined('odoo_http')}"
    return _module(layout, "tests.browser.shots", options.folder, url, str(layout.demo_credentials))


def _shell(layout: Layout, _options: argparse.Namespace) -> int:
    if "postgres" not in services.running_names(layout):
        raise BssError("The database does not run.", "run `./bss up --detach` first")
    host, settings = Host.find(layout), config.settle(layout, services.running_names(layout))
    odoo = up.odoo_of(layout, host, settings, up.cluster_of(layout, host, settings))
    command = odoo.argv("shell", "-d", DATABASE, "--no-http")
    return subprocess.run(command, env={**os.environ, **odoo.environment()}, cwd="/", check=False).returncode


COMMANDS: dict[str, Callable[[Layout, argparse.Namespace], int]] = {
    "up": _up, "down": _down, "status": _status, "logs": _logs, "test": _test, "bench": _bench, "call": _call,
    "explain": _explain, "vectors": _vectors, "shell": _shell, "shots": _shots,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
