"""Family L decided once: which of L401 to L405 fires first on a certificate, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from biotrace.model.place import Concordance
from biotrace.model.text import Text, join, same

from .facts import certificate_places, document_places, places_apply
from .places import Fit, Match, Named, Notation, match
from .rule import Fired, NotChecked
from .subject import Subject

CODES = ("L401", "L402", "L403", "L404", "L405")


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """The code that speaks, and what it says."""

    code: str
    answer: Fired | NotChecked


@lru_cache(maxsize=4)
def compare(s: Subject) -> PlaceAnswer | None:
    """The first of L401 to L405 that has something to say; None when all places are inside the document's."""
    certificate, document = certificate_places(s), document_places(s)
    found = _unnamed(certificate, document) or _too_coarse(certificate, document)
    if found is not None:
        return found
    matches = [match(spot, document.spots, s.case.concordances) for spot in certificate.spots]
    found = _by_spots(matches, document)
    if found is not None and document.annex:
        return _not_copied(Text("根拠書類", "document"))
    if found is None and certificate.annex:
        return _not_copied(Text("証明書", "certificate"))
    return found


def concordances_used(s: Subject) -> tuple[Concordance, ...]:
    """The concordances without which some place would not match."""
    spots, allowed = certificate_places(s).spots, document_places(s).spots
    used = {i for spot in spots for i in match(spot, allowed, s.case.concordances).via}
    return tuple(c for c in s.case.concordances if c.id in used)


def applies_up_to(code: str) -> Callable[[Subject], bool]:
    """A rule's ``applies``: the family is about this record, and no earlier rule of it has spoken."""
    earlier = CODES[: CODES.index(code)]

    def applies(s: Subject) -> bool:
        if not places_apply(s):
            return False
        found = compare(s)
        return found is None or found.code not in earlier

    return applies


def speaks(code: str) -> Callable[[Subject], Iterator[Fired | NotChecked]]:
    """A rule's ``check``: what the family says, when it says it under this code."""

    def check(s: Subject) -> Iterator[Fired | NotChecked]:
        found = compare(s)
        if found is not None and found.code == code:
            yield found.answer

    return check


def _unnamed(certificate: Named, document: Named) -> PlaceAnswer | None:
    for named, who in ((certificate, Text("証明書", "certificate")), (document, Text("根拠書類", "document"))):
        if named.landings:
            names = "、".join(named.landings)
            alone = Text(f"は土場（{names}）だけ", f" names a landing only ({names})")
            beside = Text(f"に土場（{names}）がある", f" names a landing ({names}) among its places")
            return PlaceAnswer("L401", Fired(who + (beside if named.spots or named.vague else alone)))
        if named.nothing:
            return PlaceAnswer("L401", Fired(who + Text("に伐採箇所の記載がない", " names no felling place")))
    return None


def _not_copied(who: Text) -> PlaceAnswer:
    reason = who + Text("の別紙の箇所が写されていない", ": the places on its annex were not copied")
    return PlaceAnswer("L401", NotChecked(reason))


def _too_coarse(certificate: Named, document: Named) -> PlaceAnswer | None:
    if certificate.vague:
        return PlaceAnswer("L402", Fired(Text("証明書は", "certificate: ") + _quoted(certificate.vague)))
    if document.vague and not document.spots:
        return _coarse_document(document)
    return None


def _coarse_document(document: Named) -> PlaceAnswer:
    return PlaceAnswer("L402", Fired(Text("根拠書類は", "document: ") + _quoted(document.vague)))


def _by_spots(matches: list[Match], document: Named) -> PlaceAnswer | None:
    unlinked = [m for m in matches if m.fit is Fit.OTHER_NOTATION]
    if unlinked:
        mine, theirs = (n.label for n in _notations(unlinked[0].spot.notation))
        found = Text(
            f"証明書は{mine.ja}、根拠書類は{theirs.ja}。{_list(unlinked)} を結ぶ対照表がない",
            f"certificate by {mine.en}, document by {theirs.en}; no concordance links {_list(unlinked)}",
        )
        return PlaceAnswer("L403", Fired(found))
    bad = [m for m in matches if m.fit is not Fit.INSIDE]
    if not bad:
        return None
    if document.vague:
        return _coarse_document(document)  # what it does not name may be these places
    allowed = "、".join(s.written for s in document.spots)
    if len(bad) == len(matches) and all(m.fit is Fit.OUTSIDE for m in bad):
        found = Text(f"証明書は {_list(bad)}、根拠書類は {allowed}", f"certificate: {_list(bad)}; document: {allowed}")
        return PlaceAnswer("L404", Fired(found))
    found = Text(f"根拠書類（{allowed}）にない箇所: {_list(bad)}", f"not in the document ({allowed}): {_list(bad)}")
    return PlaceAnswer("L405", Fired(found))


def _notations(mine: Notation) -> tuple[Notation, Notation]:
    return (mine, Notation.COMPARTMENT if mine is Notation.PARCEL else Notation.PARCEL)


def _list(matches: list[Match]) -> str:
    return "、".join(m.spot.written for m in matches)


def _quoted(texts: tuple[str, ...]) -> Text:
    return join([same(f"「{t}」") for t in texts]) + Text("まで", "")
