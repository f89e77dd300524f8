"""Pictures of every main page at 1280 and 390 pixels: `./bss shots FOLDER`, on what `./bss up` runs.

Prints what the browser complains of and which pages are wider than the screen; exit code 1 then.
"""

import sys
from pathlib import Path

from tests.support.browser import chromium, leave, log_in, passwords
from tests.support.pages import PEOPLE, SIZES, Walk, context_of


def main(folder: Path, url: str, credentials: Path) -> int:
    """Take all pictures; return 1 when a page complained."""
    folder.mkdir(parents=True, exist_ok=True)
    known = passwords(credentials)
    faults: list[str] = []
    with chromium() as browser:
        for login, addresses in PEOPLE.items():
            for size in SIZES:
                context = context_of(browser, size)
                log_in(context, url, login, known[login])
                faults += Walk(context, url, login, size, folder).take(addresses).faults
                leave(context)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
