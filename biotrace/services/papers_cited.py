"""The supporting documents that a certificate rests on: those that the ledger has, and new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from biotrace.documents.workbook.sheet_received import RECEIVED
from biotrace.errors import UsageError
from biotrace.model.document import Document, DocumentContent, DocumentCopy
from biotrace.model.text import Text, same

from .find import find_record
from .workbook_compare import differences, told
from .workbook_ledger import Known
from .workbook_values import document_values

_USUAL = {"content": DocumentContent.FULL, "copy": DocumentCopy.KEPT}


@dataclass(frozen=True, slots=True)
class Papers:
    """Documents for one certificate. ``cited``: ids of all, in order, record ids or those of ``new``.

    ``held``: by the record id, those of ``cited`` that the ledger has. ``renamed``: own id -> the one in ``cited``.
    """

    cited: tuple[str, ...]
    new: tuple[Document, ...]
    held: Mapping[str, Document]
    renamed: Mapping[str, str]


def papers(known: Known, named: Sequence[str], documents: Sequence[Document]) -> Papers:
    """The documents that are ``named`` as people call those of the ledger, then ``documents``, where they are new.

    A copy of one that the ledger has is that one. Raises UsageError where it says otherwise than the ledger, and for a
    name of nothing, or of no document.
    """
    held: dict[str, Document] = {}
    for text in named:
        body = find_record(known.reading, text).record.body
        if not isinstance(body, Document):
            raise UsageError(
                Text(f"「{text}」は根拠書類ではありません", f"{text} is no supporting document"),
                Text("台帳の根拠書類の名前か番号を指定してください", "name a document of the ledger"),
            )
        held[body.id] = body
    cited, new, renamed = list(held), list[Document](), dict[str, str]()
    for document in documents:
        found = known.documents.get(known.paper_key(document))
        same_paper = found.record.body if found is not None else None
        if isinstance(same_paper, Document):
            _require_alike(document, same_paper)
            held[same_paper.id] = same_paper
            renamed[document.id] = same_paper.id
        else:
            name = known.free(document.id)
            new.append(replace(document, id=name))
            renamed[document.id] = name
        cited.append(renamed[document.id])
    return Papers(tuple(dict.fromkeys(cited)), tuple(new), held, renamed)


def _require_alike(document: Document, held: Document) -> None:
    said = {k: v for k, v in document_values(document).items() if v not in (None, ()) and _USUAL.get(k) is not v}
    found = differences(RECEIVED, said, document_values(held))
    if found:
        raise UsageError(
            Text("台帳の同じ書類と違います: ", "the ledger has this document, and otherwise: ") + told(found),
            same(f"{held.id[:12]}: ")
            + Text(
                "書類を確かめてください。台帳のとおりなら --document でそれを引いてください",
                "look at the paper; where the ledger is right, cite it with --document",
            ),
            code="other-content",
        )
