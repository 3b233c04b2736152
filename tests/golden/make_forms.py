"""Write the golden papers: of every form the text that can be extracted, and its first and last page as a picture.

python -m tests.golden.make_forms [--check]

Pictures are compared with a tolerance: of the pixels (60 dpi, grey), at most 1 in 1,000 may differ by more than 64 of
255, so that another version of the rasteriser passes, and a line that moved does not. Texts are compared exactly.
Prints the characters of each paper's QR code. ``--check`` writes nothing, and fails where something differs.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from biotrace.documents.raster import page_picture
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.services.evidence import evidence_pdf
from biotrace.services.paper import certificate_pdf, proof_of
from biotrace.services.slip import slip_pdf
from biotrace.services.stored_files import Copies
from tests.golden.form_records import FOLDER, SCANS, FormsLedger

USUAL = ("1-private", "1-national", "1-1", "1-1-legality", "1-2", "2-1", "2-2", "2-2-general", "2-3", "2-4", "delivery")
"""Papers of one page with one QR code, or two: usual certificates of every form, and a slip."""
PAPERS = (*USUAL, "annex", "split", "doc-1")
DPI = 60
SAME_WITHIN = 64
MOST_CHANGED = 1 / 1_000


def pdf(ledger: FormsLedger, name: str) -> bytes:
    """The paper of one record of the ledger."""
    entry, body = ledger[name], ledger[name].record.body
    if isinstance(body, Delivery):
        return slip_pdf(ledger.reading, entry, body)
    if isinstance(body, Document):
        with tempfile.TemporaryDirectory() as folder:
            for scan in SCANS:
                Copies(Path(folder)).keep((FOLDER / scan).read_bytes())
            return evidence_pdf(Path(folder), ledger.reading, entry, body)
    return certificate_pdf(ledger.reading, entry)


def text(data: bytes) -> str:
    """All that can be extracted, a form feed after each page."""
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    return "".join(page + "\n\f\n" for page in pages)


def pictures(data: bytes) -> Iterator[tuple[int, Image.Image]]:
    """The first page and the last, by number from 1."""
    count = len(pypdfium2.PdfDocument(data))
    for number in sorted({1, count}):
        yield number, Image.open(io.BytesIO(page_picture(data, DPI, number - 1))).convert("L")


def changed(a: Image.Image, b: Image.Image) -> float:
    """The share of pixels that differ; 1 where the sizes do."""
    if a.size != b.size:
        return 1.0
    histogram = ImageChops.difference(a, b).histogram()
    return sum(histogram[SAME_WITHIN + 1 :]) / (a.width * a.height)


def differences(ledger: FormsLedger, name: str) -> list[str]:
    """The golden files that the paper no longer agrees with."""
    data = pdf(ledger, name)
    golden = FOLDER / f"{name}.txt"
    found = [] if golden.is_file() and golden.read_text(encoding="utf-8") == text(data) else [golden.name]
    for number, picture in pictures(data):
        path = FOLDER / f"{name}-{number}.png"
        if not path.is_file() or changed(Image.open(path).convert("L"), picture) > MOST_CHANGED:
            found.append(path.name)
    return found


def write(ledger: FormsLedger, name: str) -> None:
    """The golden files of a paper."""
    data = pdf(ledger, name)
    (FOLDER / f"{name}.txt").write_text(text(data), encoding="utf-8", newline="\n")
    for number, picture in pictures(data):
        picture.quantize(16).save(FOLDER / f"{name}-{number}.png", optimize=True)


def main(check: bool) -> int:
    """Write or compare; the exit code."""
    ledger, bad = FormsLedger(), []
    for name in PAPERS:
        if check:
            bad += differences(ledger, name)
        else:
            write(ledger, name)
        print(f"{name:14}{len(proof_of(ledger[name].record, {}).qr_text):6} characters")
    for file in bad:
        print(f"differs: tests/golden/forms/{file}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
