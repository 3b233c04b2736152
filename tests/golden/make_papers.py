"""Write the golden papers of 別記3: of each the text that can be extracted, and its pages as pictures.

python -m tests.golden.make_papers [--check]

Compared as the official forms are: see ``tests.golden.make_forms``. ``--check`` writes nothing, and fails where
something differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.golden.make_forms import MOST_CHANGED, changed, pictures, text
from tests.golden.paper_values import VALUES

FOLDER = Path(__file__).parent / "papers"


def differences(name: str) -> list[str]:
    """The golden files that the paper no longer agrees with."""
    data = VALUES[name]()
    golden = FOLDER / f"{name}.txt"
    found = [] if golden.is_file() and golden.read_text(encoding="utf-8") == text(data) else [golden.name]
    for number, picture in pictures(data):
        path = FOLDER / f"{name}-{number}.png"
        if not path.is_file() or changed(Image.open(path).convert("L"), picture) > MOST_CHANGED:
            found.append(path.name)
    return found


def write(name: str) -> None:
    """The golden files of a paper."""
    data = VALUES[name]()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text(text(data), encoding="utf-8", newline="\n")
    for number, picture in pictures(data):
        picture.quantize(16).save(FOLDER / f"{name}-{number}.png", optimize=True)


def main(check: bool) -> int:
    """Write or compare; the exit code."""
    bad = []
    for name in VALUES:
        if check:
            bad += differences(name)
        else:
            write(name)
    for file in bad:
        print(f"differs: tests/golden/papers/{file}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
