"""`python -m tests.bench NAME [--json]`: measure one figure against its baseline; architecture.md, Figures.

A bench is a module of this folder with `figures() -> Iterable[Figure]`; its file name is its name.
"""

import sys
from importlib import import_module
from pathlib import Path

NOT_BENCHES = {"__init__", "__main__", "figures"}


def bench_names() -> list[str]:
    """Benches there are; files that begin with an underscore are their helpers."""
    names = {path.stem for path in Path(__file__).parent.glob("*.py")}
    return sorted(name for name in names - NOT_BENCHES if not name.startswith("_"))


def main(words: list[str]) -> int:
    """Run one bench; exit code 0 done, 2 misuse."""
    names = [word for word in words if not word.startswith("--")]
    if len(names) != 1 or set(words) - set(names) - {"--json"} or names[0] not in bench_names():
        print(f"usage: python -m tests.bench {'|'.join(bench_names())} [--json]", file=sys.stderr)
        return 2
    for figure in import_module(f"tests.bench.{names[0]}").figures():
        print(figure.as_json() if "--json" in words else figure.as_text(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
