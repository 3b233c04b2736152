"""Write data/demo/soumu2017.yaml: the 98 delivery routes of the 2017 government audit, as papers.

The audit (README in data/soumu2017) published, per route, which papers were held and whether their places
could be compared. This tool writes papers of which exactly that is true. A route that the auditors objected to
carries the defect in its facts: a page left blank, a notice for the wrong kind of felling, a paper that is not
there. Names, places, dates and tonnages are invented, except the figures of the audit's printed examples.

    python tools/make_soumu2017.py            write the file
    python tools/make_soumu2017.py --check    exit 1 when the file differs from what would be written

It needs no installation, only PyYAML. How the papers are made is in tools/soumu2017.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

# Python searches a script's own folder, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.soumu2017.routes import ROOT
from tools.soumu2017.write import rendered

TARGET = ROOT / "data" / "demo" / "soumu2017.yaml"


def main(arguments: list[str] | None = None) -> int:
    """Write or check the file; the exit code."""
    parser = argparse.ArgumentParser(description="Write the casebook of the audit's 98 routes.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file is out of date")
    options = parser.parse_args(arguments)
    text = rendered().encode()
    if not options.check:
        TARGET.write_bytes(text)
        return 0
    if TARGET.exists() and TARGET.read_bytes() == text:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is out of date; run python tools/make_soumu2017.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
