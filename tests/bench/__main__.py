"""`python -m tests.bench NAME [--json] [--minutes N]`: measure a figure against its baseline; architecture.md, Figures.

A bench is a module of this folder with `figures() -> Iterable[Figure]`; its file name is its name. `--minutes` is for
a bench that takes them.
"""

import argparse
import sys
from collections.abc import Iterable
from importlib import import_module
from inspect import signature
from pathlib import Path

from tests.bench.figures import Figure

NOT_BENCHES = {"__init__", "__main__", "figures"}


def bench_names() -> list[str]:
    """Benches there are; files that begin with an underscore are their helpers."""
    names = {path.stem for path in Path(__file__).parent.glob("*.py")}
    return sorted(name for name in names - NOT_BENCHES if not name.startswith("_"))


def main(words: list[str]) -> int:
    """Run one bench; exit code 0 done, 1 a bench that found a fault, 2 misuse."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("name", choices=bench_names())
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--minutes", type=float)
    options = parser.parse_args(words)
    figures = import_module(f"tests.bench.{options.name}").figures
    if options.minutes is not None and "minutes" not in signature(figures).parameters:
        parser.error(f"{options.name} takes no --minutes")
    try:
        _print(figures() if options.minutes is None else figures(minutes=options.minutes), as_json=options.json)
    except AssertionError as error:
        print(f"{options.name}: {error}", file=sys.stderr)
        return 1
    return 0


def _print(figures: Iterable[Figure], *, as_json: bool) -> None:
    for figure in figures:
        print(figure.as_json() if as_json else figure.as_text(), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
