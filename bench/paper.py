"""Signing a certificate and printing it, as a ratio to bare reportlab drawing of the same page in the same run.

    python -m bench.paper

Bare is every call that the printed page makes of reportlab, once more with its arguments at hand: the same words, lines
and modules of the QR code at the same places, and the same fonts embedded.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
from biotrace.services.logged import Logged
from biotrace.services.paper import certificate_pdf
from tests.golden.form_records import FormsLedger

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
    """Print rates and ratios for some forms."""
    ledger = FormsLedger()
    for form in FORMS:
        measure(form, ledger, ledger[form])


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
