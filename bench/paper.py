"""Printing, signing and issuing certificates, as ratios to bare reportlab drawing of the same page in the same run.

    python -m bench.paper

Bare is every call that the printed page makes of reportlab, once more with its arguments at hand: the same words, lines
and modules of the QR code at the same places, and the same fonts embedded. Issuing is all of it, as for one row after
the other of a workbook: the oldest wood drawn on, the certificate judged, signed, logged on the disk, and its page
drawn and written. What comes once before all rows is left out: opening the key, which is slow on purpose, and reading
the ledger, here of some records only.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from bench.records import SEED, rates
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Signer
from biotrace.documents import paint
from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.issue import Issued, issue_from
from biotrace.services.issue_desk import open_desk
from biotrace.services.issue_refusals import Refused
from biotrace.services.logged import Logged
from biotrace.services.paper import certificate_pdf
from biotrace.services.request import Request
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import Workspace, init_workspace
from tests import casebooks
from tests.casebooks import PLANT
from tests.golden.form_records import FormsLedger
from tests.workspaces import TODAY, password, received

PAGES = 20
FORMS = ("1-private", "2-1", "2-2")

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


@dataclass
class Recorded:
    """What a page asks of its canvas; a path is the list of what it is made of."""

    calls: list[Call] = field(default_factory=list)
    made: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})

    def canvas(self, target: io.BytesIO, *args: Any, **options: Any) -> Any:
        """A canvas of which every call is noted."""
        self.made = (args, options)
        return _Noting(Canvas(target, *args, **options), self.calls)

    def draw(self) -> bytes:
        """The same calls on a canvas of reportlab alone."""
        target = io.BytesIO()
        args, options = self.made
        canvas = Canvas(target, *args, **options)
        for name, values, named in self.calls:
            if name == "drawPath":
                path, *rest = values
                values = (_drawn(canvas.beginPath(), path.calls), *rest)
            getattr(canvas, name)(*values, **named)
        return target.getvalue()


class _Noting:
    def __init__(self, of: Any, calls: list[Call]) -> None:
        self.of, self.calls = of, calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if name == "beginPath":
                return _Noting(self.of.beginPath(), [])
            self.calls.append((name, args, named))
            return getattr(self.of, name)(*[a.of if isinstance(a, _Noting) else a for a in args], **named)

        return call


def _drawn(path: PDFPathObject, calls: Sequence[Call]) -> PDFPathObject:
    for name, args, named in calls:
        getattr(path, name)(*args, **named)
    return path


def main() -> None:
    """Print rates and ratios for some forms, and for issuing."""
    ledger = FormsLedger()
    for form in FORMS:
        measure(form, ledger, ledger[form])
    with TemporaryDirectory() as folder:
        measure_issuing(Path(folder))


class Mill:
    """A mill at its desk, with logs enough for all that is measured."""

    def __init__(self, workspace: Workspace) -> None:
        desk = open_desk(workspace)
        assert not isinstance(desk, Refused)
        self._desk = desk

    def issue(self) -> Path:
        """A certificate for a truck of chips, issued; the path of its page."""
        load = Request(PLANT.id, Quantity(6_580_000, Unit.T, 4_200), FuelClass.THINNED, self._desk.today)
        issued = issue_from(self._desk, load)
        assert isinstance(issued, Issued)
        assert issued.logged is not None
        assert issued.path is not None
        self._desk = self._desk.after(issued.logged)
        return issued.path


def measure_issuing(folder: Path) -> None:
    """Print rate and ratio of issuing, one certificate after the other."""
    book = casebooks.change_felling(received(), "doc-1", volume=10**12)
    book = casebooks.change(book, "f-1", quantity=casebooks.m3(10**6))
    with init_workspace(folder / "mill", (casebooks.OTSU, casebooks.BODY), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, book)
        mill, recorded = Mill(workspace), Recorded()
        with patch.object(paint, "Canvas", recorded.canvas):
            path = mill.issue()
        assert recorded.draw() == path.read_bytes(), "the bare page is another one"

        def issued() -> None:
            for _ in range(PAGES):
                mill.issue()

        def bare() -> None:
            for _ in range(PAGES):
                recorded.draw()

        rate = dict(zip(("issued", "bare"), rates((issued, bare), PAGES), strict=True))
    print(f"2-1, issued from stock: {rate['issued']:,.0f}/s: {rate['issued'] / rate['bare']:.2f} of bare (aim 0.60)")


def measure(form: str, ledger: FormsLedger, logged: Logged) -> None:
    """Print one form, sign and print it, and draw the same bare."""
    record, recorded = logged.record, Recorded()
    assert isinstance(record.body, Certificate)
    body, names = replace(record.body, id=""), dict(record.names)
    with patch.object(paint, "Canvas", recorded.canvas):
        page = certificate_pdf(ledger.reading, logged)
    assert recorded.draw() == page, "the bare page is another one"

    def printed() -> None:
        for _ in range(PAGES):
            certificate_pdf(ledger.reading, logged)

    def issued() -> None:
        signer = Signer(DeviceKey.generate(SEED), record.issuer)
        for _ in range(PAGES):
            signed = signer.sign(RecordKind.CERTIFICATE, record.subject, body, logged.logged_at, names)
            certificate_pdf(ledger.reading, replace(logged, record=signed))

    def bare() -> None:
        for _ in range(PAGES):
            recorded.draw()

    rate = dict(zip(("printed", "issued", "bare"), rates((printed, issued, bare), PAGES), strict=True))
    print(f"{form}: bare reportlab {rate['bare']:,.0f} pages/s")
    print(f"  printed {rate['printed']:,.0f}/s: {rate['printed'] / rate['bare']:.2f} of bare")
    print(f"  signed and printed {rate['issued']:,.0f}/s: {rate['issued'] / rate['bare']:.2f} of bare")


if __name__ == "__main__":
    main()
