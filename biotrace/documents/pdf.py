"""A certificate as the PDF that is printed, sealed and handed over: the official form with its QR code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Form
from biotrace.model.text import Text

from .forms import f1_private, f2_1, f2_4
from .forms.content import FormContent
from .forms.layout import lay_out
from .forms.page import DocumentLabel, PageData
from .paint import Metadata, paint
from .qr import symbol

__all__ = ["SUPPORTED", "DocumentLabel", "PageData", "render"]

SUPPORTED: Mapping[Form, Callable[[Certificate, PageData], FormContent]] = {
    Form.F1_PRIVATE: f1_private.content,
    Form.F2_1: f2_1.content,
    Form.F2_4: f2_4.content,
}


def render(certificate: Certificate, page: PageData) -> bytes:
    """The certificate's PDF on its own form. The same values give the same bytes.

    Raises UsageError for a form not yet supported, for a certificate that does not make the form's statements,
    for a character that cannot be printed and for a QR text that does not fit; ValueError where ``page`` names
    other parties than the certificate.
    """
    fill = SUPPORTED.get(certificate.form)
    if fill is None:
        raise _not_yet(certificate.form)
    _require_same_parties(certificate, page)
    content = fill(certificate, page)
    sheets = lay_out(certificate, content, page, symbol(page.qr_text))
    return paint(sheets, _metadata(certificate, content, page))


def _metadata(certificate: Certificate, content: FormContent, page: PageData) -> Metadata:
    title = f"{content.title} {certificate.number}" if certificate.number else content.title
    return Metadata(
        title=f"転記 写し {title}" if page.transcribed else title,
        author=page.transcribed_by or page.issuer.name,
        subject=f"記録ID {page.record_id}",
    )


def _require_same_parties(certificate: Certificate, page: PageData) -> None:
    """The names on paper must be those of the ids that were signed."""
    buyer = page.buyer.id if page.buyer else None
    given = (page.seller.id, page.issuer.id, buyer)
    signed = (certificate.seller, certificate.issuer, certificate.buyer)
    if given != signed:
        raise ValueError(f"seller, issuer, buyer: the page names {given}, the certificate {signed}")


def _not_yet(form: Form) -> UsageError:
    supported = ", ".join(SUPPORTED)
    return UsageError(
        Text(
            f"様式{form}の印刷にはまだ対応していません。対応: {supported}",
            f"not yet: form {form}; supported: {supported}",
        ),
        code="form-not-yet",
    )
