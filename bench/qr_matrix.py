"""Every form's code as it comes back from paper: what share our reader, zxing-cpp at one go, and zbar read of it.

    python -m bench.qr_matrix [--dpi 100 150 200 300] [--forms 2-1 1-private] [--scenes "turned 3"] [--no-zbar]
                              [--keep DIR]

A row for each thing that befalls a page (``tests/qr_scenes.py``), a column for each resolution; a cell is the pages of
which all codes were read, in %, by ours/zxing-cpp/zbar. Ends with 1 where anything was read as something else.
``--keep``: the pictures that our reader did not read.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import zxingcpp
from PIL import Image

from biotrace.documents.scan import read_qr
from biotrace.errors import UnreadableError
from tests.qr_scenes import FORMS, SCENES, box_of_code, form_page, form_texts, saved

DPI = (100, 150, 200, 300)


def main() -> int:
    """Run the matrix and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dpi", type=int, nargs="+", default=DPI)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument("--no-zbar", action="store_true")
    parser.add_argument("--keep", type=Path, help="a folder for the pictures that were not read")
    given = parser.parse_args()
    zbar = not given.no_zbar and shutil.which("zbarimg") is not None
    readers = ["ours", "zxing", *(["zbar"] if zbar else [])]
    print(f"read, % of {len(given.forms)} forms: {'/'.join(readers)}; seconds: the longest of ours")
    print(f"{'':18}" + "".join(f"{dpi:>20} dpi" for dpi in given.dpi))
    wrong: list[str] = []
    total: Counter[str] = Counter()
    for scene in given.scenes:
        cells = []
        for dpi in given.dpi:
            read: Counter[str] = Counter()
            longest = 0.0
            for form in given.forms:
                page, texts = form_page(form, dpi), set(form_texts(form))
                spoiled = SCENES[scene](page, box_of_code(form, dpi))
                started = time.perf_counter()
                found = {"ours": _ours(spoiled)}
                longest = max(longest, time.perf_counter() - started)
                found["zxing"] = {code.text for code in zxingcpp.read_barcodes(spoiled)}
                if zbar:
                    found["zbar"] = _zbar(spoiled)
                for reader, seen in found.items():
                    read[reader] += seen == texts
                    wrong += [f"{form}, {dpi} dpi, {scene}, by {reader}" for _ in seen - texts]
                if given.keep and found["ours"] != texts:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    spoiled.save(given.keep / f"{form} {dpi} {scene}.png")
            total += read
            shares = "/".join(f"{100 * read[reader] // len(given.forms)}" for reader in readers)
            cells.append(f"{shares:>15} {longest:6.1f} s")
        print(f"{scene:18}" + "".join(cells), flush=True)
    count = len(given.scenes) * len(given.dpi) * len(given.forms)
    print(f"{count} pages: " + ", ".join(f"{reader} {100 * total[reader] / count:.1f} %" for reader in readers))
    print("read as something else: " + ("none" if not wrong else "; ".join(wrong)))
    return 1 if wrong else 0


def _ours(page: Image.Image) -> set[str]:
    try:
        return set(read_qr(saved(page), "page"))
    except UnreadableError:
        return set()


def _zbar(page: Image.Image) -> set[str]:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(saved(page))
        file.flush()
        return set(zbar_texts(Path(file.name)))


def zbar_texts(picture: Path) -> Sequence[str]:
    """What zbar reads of a picture's QR codes."""
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace").removesuffix("\n").split("\n") if done.stdout else []


if __name__ == "__main__":
    sys.exit(main())
