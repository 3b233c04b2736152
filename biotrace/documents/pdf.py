"""A certificate as the PDF that is printed, sealed and handed over: the official form with its QR code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from biotrace.model.certificate import Certificate, Form, Medium

from .forms import f1_1, f1_2, f1_national, f1_private, f2_1, f2_2, f2_3, f2_4
from .forms.content import FormContent
from .forms.layout import lay_out
from .forms.page import DocumentLabel, PageData
from .paint import Metadata, paint

__all__ = ["FORMS", "DocumentLabel", "PageData", "content_of", "render"]

FORMS: Mapping[Form, Callable[[Certificate, PageData], FormContent]] = {
    Form.F1_PRIVATE: f1_private.content,
    Form.F1_NATIONAL: f1_national.content,
    Form.F1_1: f1_1.content,
    Form.F1_2: f1_2.content,
    Form.F2_1: f2_1.content,
    Form.F2_2: f2_2.content,
    Form.F2_3: f2_3.content,
    Form.F2_4: f2_4.content,
}


def content_of(certificate: Certificate, page: PageData) -> FormContent:
    """What stands on the certificate's form; on 別記2-2 for one that was written on a delivery note (G3(1)②).

    Raises UsageError where the form's sentence would say what the certificate does not.
    """
    form = Form.F2_2 if certificate.medium is Medium.DELIVERY_NOTE else certificate.form
    return FORMS[form](certificate, page)


def render(certificate: Certificate, page: PageData) -> bytes:
    """The certificate's PDF. The same values give the same bytes.

    Raises UsageError for a certificate that does not make the form's statements, for a character that cannot be
    printed and for a QR text that does not fit; ValueError where ``page`` names other parties than the certificate.
    """
    _require_same_parties(certificate, page)
    content = content_of(certificate, page)
    return paint(lay_out(certificate, content, page), _metadata(certificate, content, page))


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
