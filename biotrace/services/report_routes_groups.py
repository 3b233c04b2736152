"""Routes by plant, by accrediting body, and by prefecture, and what in these cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.model.rounding import rounded_parts
from biotrace.model.text import Text, same
from biotrace.verify.places import ABROAD, Told, Untold, rank_of
from biotrace.verify.routes import Looked, Route, counts, routes_of
from biotrace.verify.ways import Way
from biotrace.verify.whereabouts import Unaccredited

from .audit_table import SIGNS
from .report_parts import TOTAL
from .report_whole import Whole


class By(StrEnum):
    """What routes are grouped by: the plant, the processor's or the producer's accrediting body, the prefecture of the
    felling place or of the plant's address.
    """

    PLANT = "plant"
    BODY = "body"
    PRODUCERS_BODY = "producers_body"
    PREFECTURE = "prefecture"
    PLANTS_PREFECTURE = "plants_prefecture"

    @property
    def label(self) -> Text:
        """In words."""
        return _LABELS[self]


_LABELS = {
    By.PLANT: Text("発電設備ごと", "by plant"),
    By.BODY: Text("加工・流通事業者の認定団体ごと", "by the processor's accrediting body"),
    By.PRODUCERS_BODY: Text("素材生産者の認定団体ごと", "by the producer's accrediting body"),
    By.PREFECTURE: Text("伐採箇所の都道府県ごと", "by prefecture of the felling place"),
    By.PLANTS_PREFECTURE: Text("発電設備の都道府県ごと", "by prefecture of the plant's address"),
}


FROM_ABROAD = Text("（輸入材）", "(imported)")
_NO_PROCESSOR = Text("（素材生産者からの直接納入）", "(none: sold directly by the producer)")


@dataclass(frozen=True, slots=True)
class Group:
    """A plant, body or prefecture, and the routes that are its, with those of their lots that are.

    ``key``: its id; None where it cannot be told, and ``name`` says why.
    """

    key: str | None
    name: Text
    routes: tuple[Route, ...]

    @property
    def unknown(self) -> bool:
        """Whether these are the routes of which it cannot be told."""
        return self.key is None


def groups_of(whole: Whole, by: By, routes: Sequence[Route]) -> tuple[Group, ...]:
    """Plants in the order of the parties, bodies by their routes, prefectures from north to south; unknown last."""
    found: dict[tuple[str | None, str], tuple[Text, list[Looked]]] = {}
    for route in routes:
        for looked in route.looked:
            key, name = _group(whole, by, looked.way)
            found.setdefault((key, "" if key is not None else name.ja), (name, []))[1].append(looked)
    groups = [Group(key, name, routes_of(looked, whole.case)) for (key, _), (name, looked) in found.items()]
    return tuple(sorted(groups, key=lambda group: _place(by, group)))


def _place(by: By, group: Group) -> tuple[bool, int]:
    if by in (By.PREFECTURE, By.PLANTS_PREFECTURE):
        return group.unknown, rank_of(group.key)
    return group.unknown, 0 if by is By.PLANT else -len(group.routes)


def _group(whole: Whole, by: By, way: Way) -> tuple[str | None, Text]:
    match by:
        case By.PLANT:
            return way.plant, same(whole.name(way.plant))
        case By.BODY:
            if way.direct:
                return "direct", _NO_PROCESSOR
            return _body(whole, way.processor, way)
        case By.PRODUCERS_BODY:
            return _body(whole, None if way.producer is None else way.producer.party, way)
        case By.PREFECTURE:
            return told_name(felled_in(whole, way))
        case By.PLANTS_PREFECTURE:
            return told_name(whole.whereabouts.party(way.plant))


def felled_in(whole: Whole, way: Way) -> Told:
    """The prefecture of a way's felling place."""
    certificate = whole.certificate(way.entrance)
    if certificate is None:
        return whole.whereabouts.nowhere
    return whole.whereabouts.felled(certificate).told


def told_name(told: Told) -> tuple[str | None, Text]:
    """A prefecture, or why it cannot be told."""
    if told.prefecture is not None:
        return told.prefecture, same(told.prefecture)
    if told.why is Untold.ABROAD:
        return ABROAD, FROM_ABROAD
    why = Text("記載なし", "nothing is stated") if told.why is None else told.why.value
    return None, Text("分からない: ", "not told: ") + why


def _body(whole: Whole, party: str | None, way: Way) -> tuple[str | None, Text]:
    return body_key(whole.whereabouts.body(party, way.day), whole)


def body_key(body: str | Unaccredited, whole: Whole) -> tuple[str | None, Text]:
    """An accrediting body, or why there is none; None where that is not known."""
    unknown = body in (Unaccredited.NONE_KNOWN, Unaccredited.NO_PARTY)
    return (None if unknown else str(body)), whole.body_name(body)


_GROUPS = (
    Column(Text("", ""), Kind.TEXT, 34),
    Column(Text("設備", "plants"), Kind.COUNT, 9),
    Column(Text("ルート", "routes"), Kind.COUNT, 11),
    Column(Text("指摘あり", "found"), Kind.COUNT, 11),
    *(Column(SIGNS[finding], Kind.COUNT, 9) for finding in ("1", "2", "3", "3i", "3ii", "3iii")),
    Column(Text("指摘なし", "clean"), Kind.COUNT, 11),
    Column(Text("全乾t", "bone-dry t"), Kind.TONNE, 17),
    Column(Text("うち指摘のあるロット", "with findings"), Kind.TONNE, 13),
)


def group_table(by: By, groups: Sequence[Group], routes: Sequence[Route]) -> Table:
    """How many routes of each group have which finding; printed tonnes add up to their sums."""
    every = [list(group.routes) for group in groups]
    came = rounded_parts([sum(route.grams for route in of) for of in every], Kind.TONNE.step)
    found = rounded_parts([_found(of) for of in every], Kind.TONNE.step)
    rows: list[tuple[Cell, ...]] = [
        (group.name, *_cells(group.routes), *tonnes) for group, *tonnes in zip(groups, came, found, strict=True)
    ]
    rows.append((TOTAL, *_cells(routes), sum(came), sum(found)))
    twice = sum(len(group.routes) for group in groups) > len(routes)
    note = Text(
        "複数の欄にまたがるルートは、それぞれに数える", "a route that is in several rows counts in each of them"
    )
    return Table(by.label, _GROUPS, tuple(rows), frozenset((len(rows) - 1,)), note if twice else None)


def _found(routes: Sequence[Route]) -> int:
    """Grams of the lots with a finding, on these routes."""
    return sum(x.way.grams or 0 for route in routes for x in route.looked if x.findings)


def _cells(routes: Sequence[Route]) -> tuple[Cell, ...]:
    by_finding = [count.routes for count in counts(routes)]
    return len({route.plant for route in routes}), len(routes), len(routes) - by_finding[-1], *by_finding
