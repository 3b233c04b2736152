"""Up to what volume certificates on a document need no counting: a shortcut past H314 for who has only their sum."""

from __future__ import annotations

from biotrace.model.document import Document

from .origins import allows_volume


def is_within(document: Document, cm3: int | None) -> bool:
    """Whether no certificate on this document can go beyond it, whichever of them count, in whatever order.

    ``cm3``: all that is certified on it and on it together with others, counted as if each certificate rested on this
    one alone; None where that is not known. Good for documents of which there is one copy: what another says of the
    same paper may allow less.
    """
    volume = document.felling.volume if document.felling is not None else None
    return volume is None or not allows_volume(document) or (cm3 is not None and cm3 <= volume)
