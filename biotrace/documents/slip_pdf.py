"""A delivery as the PDF of the slip that goes with it."""

from __future__ import annotations

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery

from .forms.page import Proof
from .forms.slip import SlipPage, lay_out, title_of
from .paint import Metadata, paint

__all__ = ["Proof", "SlipPage", "render_slip"]


def render_slip(delivery: Delivery, certificate: Certificate | None, page: SlipPage) -> bytes:
    """The slip's PDF; the same values give the same bytes. ``certificate``: the one that the delivery cites.

    Raises UsageError for a character that cannot be printed.
    """
    title = title_of(certificate)
    by = page.transcribed_by
    metadata = Metadata(
        title=title if by is None else f"転記 写し {title}",
        author=by or page.plant.name,
        subject=f"記録ID {page.code.record_id}",
    )
    return paint(lay_out(delivery, certificate, page), metadata)
