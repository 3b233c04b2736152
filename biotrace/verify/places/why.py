"""Why places match or do not, in a sentence that quotes both papers as written."""

from __future__ import annotations

from collections.abc import Iterable

from biotrace.model.text import Text, join

from .area import Level
from .links import Links
from .match import Ground, Match
from .read import Spot


def listed(spots: Iterable[Spot]) -> str:
    """The numbers as written, each once."""
    return "、".join(dict.fromkeys(spot.written for spot in spots))


def why_apart(match: Match, allowed: Ground, links: Links) -> Text | None:
    """What tells a spot from one with the same number on the document; None where none has it."""
    for spot in (match.spot, *match.linked):
        for other in allowed.near(spot):
            level = spot.apart_in(other, links.municipalities) if spot.same_number(other) else None
            if level is not None:
                return _differs(level, spot, other)
    return None


def why_matched(matches: Iterable[Match], allowed: Ground, links: Links) -> Text:
    """How all spots of a certificate lie in the document's, when they do."""
    by_text: dict[str, list[Match]] = {}
    for match in matches:
        by_text.setdefault(match.spot.written, []).append(match)
    return join([_inside(written, alike, allowed, links) for written, alike in by_text.items()], "", " ")


def _differs(level: Level, spot: Spot, other: Spot) -> Text:
    one, two = spot.where or "（記載なし）", other.where or "（記載なし）"
    name = level.label
    missing = _missing(level, spot, other)
    if missing:
        found = Text(
            f"番号は同じだが、{name.ja}が片方にしかない", f"same number, but only one paper states the {name.en}"
        )
    else:
        found = Text(f"番号は同じだが、{name.ja}が違う", f"same number, but another {name.en}")
    return found + Text(f"（証明書「{one}」、根拠書類「{two}」）", f" (certificate 「{one}」, document 「{two}」)")


def _missing(level: Level, spot: Spot, other: Spot) -> bool:
    if level is Level.OAZA:
        return (spot.area.oaza is None) != (other.area.oaza is None)
    return level is Level.MUNICIPALITY and (spot.area.municipality is None) != (other.area.municipality is None)


def _inside(written: str, alike: list[Match], allowed: Ground, links: Links) -> Text:
    """A sentence on what one text of the certificate names. It may name several spots: 236-1〜3."""
    table = links.municipalities
    if any(match.via for match in alike):
        tables = "、".join(dict.fromkeys(i[:12] for match in alike for i in match.via))
        there = listed(spot for match in alike for spot in match.linked)
        return Text(f"{written} は対照表 {tables} によれば {there}。", f"{written} is {there} by concordance {tables}.")
    pairs = [(m.spot, next(a for a in allowed.near(m.spot) if m.spot.within(a, table))) for m in alike]
    theirs = listed(other for _, other in pairs)
    spot, other = pairs[0]
    note = Text("", "")
    if spot.area.municipality and other.area.municipality not in (None, spot.area.municipality):
        note = Text(
            f"（「{spot.where}」と「{other.where}」は市町村の名が変わった同じ所）",
            f" (「{spot.where}」 and 「{other.where}」 are one place, whose municipality changed)",
        )
    if all(other.within(spot, table) for spot, other in pairs):
        return (
            Text(f"{written} は根拠書類の {theirs} と同じ所", f"{written} is the document's {theirs}")
            + note
            + Text("。", ".")
        )
    return (
        Text(f"{written} は根拠書類の {theirs} の中", f"{written} lies in the document's {theirs}")
        + note
        + Text("。", ".")
    )
