"""Family L decided once: which of L401 to L405 fires first on a certificate, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from biotrace.model.place import Concordance
from biotrace.model.text import Text, join, same

from .facts import certificate_places, compared, document_places, places_apply
from .places import NO_LINKS, Fit, Ground, Links, Match, Named, Notation, Spot, match
from .places.why import listed, why_apart, why_matched
from .rule import Fired, NotChecked
from .subject import Subject

CODES = ("L401", "L402", "L403", "L404", "L405")


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """The code that speaks, and what it says."""

    code: str
    answer: Fired | NotChecked

    @property
    def why(self) -> Text:
        """The answer as one sentence."""
        return self.answer.found if isinstance(self.answer, Fired) else self.answer.reason


@dataclass(frozen=True, slots=True)
class Comparison:
    """A certificate's places against its documents'. ``answer`` None: all of them are inside."""

    matches: tuple[Match, ...]
    allowed: Ground
    links: Links
    answer: PlaceAnswer | None

    @property
    def why(self) -> Text:
        """Why the places match, or do not, in a sentence."""
        if self.answer is not None:
            return self.answer.why
        inside = (match for match in self.matches if match.fit is Fit.INSIDE)
        return why_matched(inside, self.allowed, self.links)


def compare_places(certificate: Named, document: Named, links: Links = NO_LINKS) -> Comparison:
    """What family L says of two papers. The first of L401 to L405 that has something to say ends it."""
    allowed = Ground(document.spots)
    found = _unnamed(certificate, document) or _too_coarse(certificate, document)
    if found is not None:
        return Comparison((), allowed, links, found)
    matches = tuple(match(spot, allowed, links) for spot in certificate.spots)
    found = _by_spots(matches, document, allowed, links)
    if found is not None and document.annex:
        found = _not_copied(Text("根拠書類", "document"))
    elif found is None and certificate.annex:
        found = _not_copied(Text("証明書", "certificate"))
    return Comparison(matches, allowed, links, found)


@lru_cache(maxsize=4)
def compare(s: Subject) -> Comparison:
    """The places of a certificate against those of its documents."""
    return compared(s, _compare)


def _compare(s: Subject) -> Comparison:
    return compare_places(certificate_places(s), document_places(s), s.case.links)


def concordances_used(s: Subject) -> list[tuple[Concordance, list[Match]]]:
    """The concordances without which some place would not match, each with what it linked."""
    linked = [match for match in compare(s).matches if match.via]
    if not linked:
        return []
    used = ((table, [m for m in linked if table.id in m.via]) for table in s.case.concordances)
    return [(table, matches) for table, matches in used if matches]


def applies_up_to(code: str) -> Callable[[Subject], bool]:
    """A rule's ``applies``: the family is about this record, and no earlier rule of it has spoken."""
    earlier = CODES[: CODES.index(code)]

    def applies(s: Subject) -> bool:
        if not places_apply(s):
            return False
        found = compare(s).answer
        return found is None or found.code not in earlier

    return applies


def speaks(code: str) -> Callable[[Subject], Iterator[Fired | NotChecked]]:
    """A rule's ``check``: what the family says, when it says it under this code."""

    def check(s: Subject) -> Iterator[Fired | NotChecked]:
        found = compare(s).answer
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
    if certificate.vague or certificate.unclear:
        return _coarse(Text("証明書", "certificate"), certificate)
    if not document.spots and (document.vague or document.unclear):
        return _coarse(Text("根拠書類", "document"), document)
    return None


def _coarse(who: Text, named: Named) -> PlaceAnswer:
    if named.vague:
        return PlaceAnswer("L402", Fired(who + Text("は", ": ") + _quoted(named.vague) + Text("まで", "")))
    said = Text("は、どの番号か決められない", " can be read in two ways")
    return PlaceAnswer("L402", Fired(who + Text("の", ": ") + _quoted(named.unclear) + said))


def _by_spots(matches: tuple[Match, ...], document: Named, allowed: Ground, links: Links) -> PlaceAnswer | None:
    twice = _said_twice(matches)
    bad = [m for m in matches if m.fit is not Fit.INSIDE and not (m.fit is Fit.OTHER_NOTATION and _place(m) in twice)]
    if not bad:
        return None
    unread = [m.spot for m in bad if m.spot.unread]
    if unread:
        return _unread(Text("証明書", "certificate"), unread)
    unlinked = [m.spot for m in bad if m.fit is Fit.OTHER_NOTATION]
    if unlinked:
        return _unlinked(unlinked)
    if document.vague or document.unclear:
        return _coarse(Text("根拠書類", "document"), document)  # what it does not name may be these places
    unread = [spot for spot in document.spots if spot.unread]
    if unread:
        return _unread(Text("根拠書類", "document"), unread)
    return _elsewhere(matches, bad, document, allowed, links)


def _said_twice(matches: tuple[Match, ...]) -> set[tuple[int, Notation]]:
    """Entries, each with a notation, that name their place in the other one too, and there all of it is inside."""
    inside: dict[tuple[int, Notation], bool] = {}
    for m in matches:
        inside[_place(m)] = inside.get(_place(m), True) and m.fit is Fit.INSIDE
    return {(entry, notation) for entry, notation in inside if inside.get((entry, notation.other))}


def _place(m: Match) -> tuple[int, Notation]:
    return m.spot.entry, m.spot.notation


def _unread(who: Text, spots: list[Spot]) -> PlaceAnswer:
    names = listed(spots)
    said = Text(
        f"の「{names}」は、地番とも林班とも読めない",
        f": 「{names}」 can be read neither as parcels nor as compartments",
    )
    return PlaceAnswer("L402", Fired(who + said))


def _unlinked(spots: list[Spot]) -> PlaceAnswer:
    mine, theirs = spots[0].notation.label, spots[0].notation.other.label
    found = Text(
        f"証明書は{mine.ja}、根拠書類は{theirs.ja}。{listed(spots)} を結ぶ対照表がない",
        f"certificate by {mine.en}, document by {theirs.en}; no concordance links {listed(spots)}",
    )
    return PlaceAnswer("L403", Fired(found))


def _elsewhere(
    matches: tuple[Match, ...], bad: list[Match], document: Named, allowed: Ground, links: Links
) -> PlaceAnswer:
    theirs, mine = listed(document.spots), listed(m.spot for m in bad)
    reason = next((r for m in bad if (r := why_apart(m, allowed, links)) is not None), None)
    more = Text("。", "; ") + reason if reason is not None else Text("", "")
    if len(bad) == len(matches) and all(m.fit is Fit.OUTSIDE for m in bad):
        found = Text(f"証明書は {mine}、根拠書類は {theirs}", f"certificate: {mine}; document: {theirs}")
        return PlaceAnswer("L404", Fired(found + more))
    found = Text(f"根拠書類（{theirs}）にない箇所: {mine}", f"not in the document ({theirs}): {mine}")
    return PlaceAnswer("L405", Fired(found + more))


def _quoted(texts: tuple[str, ...]) -> Text:
    return join([same(f"「{t}」") for t in texts])
