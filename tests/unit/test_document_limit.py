"""Whether certificates on a document can come to more than it allows, by their sum alone."""

from __future__ import annotations

import pytest

from biotrace.model.document import Document, DocumentKind, FellingFacts
from biotrace.verify.document_limit import is_within

NOTICE, LEGALITY = DocumentKind.FELLING_NOTICE, DocumentKind.LEGALITY_CERTIFICATE
FACTS = FellingFacts(volume=500)


@pytest.mark.parametrize(
    ("kind", "facts", "cm3", "within"),
    [
        (NOTICE, FACTS, 0, True),
        (NOTICE, FACTS, 500, True),
        (NOTICE, FACTS, 501, False),  # the tolerance is for the rule
        (NOTICE, FACTS, None, False),
        (NOTICE, FellingFacts(area=500), None, True),
        (NOTICE, None, 10**12, True),
        (LEGALITY, FACTS, None, True),  # limits no volume
    ],
)
def test_only_what_is_known_to_fit_does(
    kind: DocumentKind, facts: FellingFacts | None, cm3: int | None, within: bool
) -> None:
    assert is_within(Document(id="d", kind=kind, felling=facts), cm3) is within
