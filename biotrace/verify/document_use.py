"""How much has been certified on a supporting document (H314)."""

from __future__ import annotations

from biotrace.model.quantity import Unit

from .facts import is_felling_stage, is_valid_use
from .subject import DocumentUse, Subject
from .tonnage import solid_volume


def estimated_m3(s: Subject) -> int | None:
    """The certificate's quantity as cm³ of roundwood; None where no factor turns it into that."""
    return solid_volume(s.quantity, s.group, s.profile)


def room(s: Subject) -> tuple[int, int]:
    """Pooled volume of the documents and what is used of it, in cm³.

    Against a certificate in m³ only m³ count; against any other, the estimates too.
    """
    uses = [s.state.documents.get(d.id, DocumentUse()) for d in s.documents]
    volume = sum(d.felling.volume or 0 for d in s.documents if d.felling is not None)
    used = sum(u.stated for u in uses)
    return volume, used if s.quantity.unit is Unit.M3 else used + sum(u.estimated for u in uses)


def register(s: Subject) -> None:
    """Count the certificate against its documents: each up to its volume, what is left over on the last."""
    amount = estimated_m3(s)
    if amount is None or not s.documents or not is_felling_stage(s) or not is_valid_use(s):
        return
    for document in s.documents:
        use = s.state.documents.setdefault(document.id, DocumentUse())
        volume = document.felling.volume if document.felling is not None else None
        last = document is s.documents[-1]
        part = amount if last or volume is None else min(amount, max(0, volume - use.stated - use.estimated))
        if s.quantity.unit is Unit.M3:
            use.stated += part
        else:
            use.estimated += part
        amount -= part
