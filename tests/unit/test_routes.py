"""Routes: who delivered by whom, on which papers, and what of it cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Goods, Mixed, Process, Share
from biotrace.model.document import DocumentCopy, DocumentKind, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.report_routes import routes_report
from biotrace.services.report_routes_groups import By
from biotrace.services.report_whole import Whole
from biotrace.verify.case import case_of_casebook
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.routes import Held, PlaceMatch, Route, counts, is_looked_at, look, routes_of
from biotrace.verify.span import Span
from biotrace.verify.ways import Way, ways_of
from biotrace.verify.whereabouts import Unaccredited
from tests.casebooks import (
    BODY,
    DELIVERY,
    DOCUMENT,
    FELLING,
    HEIWA,
    KOUSEI,
    OFFICE,
    OTSU,
    OWNER,
    PLANT,
    PROCESSING,
    add,
    change,
    change_felling,
    clean,
    general,
    homestead,
    imported,
    legality,
    logs_direct,
    m3,
    national,
    remove,
    residues,
    tonnes,
)


def whole_of(book: Casebook) -> Whole:
    """The book as the material of reports about everybody."""
    return Whole(case_of_casebook(book), RINYA_2012, {})


def ways(book: Casebook, lot: str = "d-1") -> tuple[Way, ...]:
    """The ways of a lot."""
    whole = whole_of(book)
    return ways_of(lot, whole.judged, whole.whereabouts)


def routes(book: Casebook) -> tuple[Route, ...]:
    """The routes of all lots."""
    whole = whole_of(book)
    looked = [
        look(way, whole.judged, whole.whereabouts)
        for lot in whole.lots
        if is_looked_at(whole.judged[lot])
        for way in ways_of(lot, whole.judged, whole.whereabouts)
    ]
    return routes_of(looked, whole.case)


def papers(route: Route) -> tuple[Held, Held, PlaceMatch, Held, tuple[str, ...]]:
    """The columns."""
    return route.felling_certificate, route.document, route.places, route.processing_certificate, route.findings


YES, NO, NEEDLESS, UNTOLD = Held.YES, Held.NO, Held.NOT_NEEDED, Held.UNTOLD
MATCHED, BLANK = PlaceMatch.MATCHED, PlaceMatch.NOT_LOOKED_AT


# who


def test_a_route_is_producer_processor_and_plant() -> None:
    (way,) = ways(clean())
    assert way.producer is not None
    assert (way.producer.party, way.processor, way.plant) == (KOUSEI.id, OTSU.id, PLANT.id)
    assert (way.entrance, way.records, way.between, way.direct) == ("f-1", ("f-1", "p-1", "d-1"), (), False)
    assert way.grams == 17_400_000


def test_traders_are_between_and_the_last_who_processed_is_the_processor() -> None:
    through = replace(PROCESSING, id="p-2", seller=HEIWA.id, process=Process.TRADING, draws=(Draw("p-1", tonnes(30)),))
    book = add(change(clean(), "p-1", buyer=HEIWA.id), through)
    (way,) = ways(change(book, "d-1", certificate="p-2", sender=HEIWA.id))
    assert (way.processor, way.between) == (OTSU.id, (HEIWA.id,))
    (way,) = ways(change(change(book, "p-1", process=Process.TRADING), "d-1", certificate="p-2", sender=HEIWA.id))
    assert (way.processor, way.between) == (HEIWA.id, (OTSU.id,))  # nobody processed: who sold it last


def test_logs_sold_directly_have_no_processor_and_need_no_certificate_of_one() -> None:
    (route,) = routes(logs_direct())
    assert route.direct
    assert route.processor is None
    assert papers(route) == (YES, YES, MATCHED, NEEDLESS, ())


@pytest.mark.parametrize(
    ("applicants", "party", "name"),
    [
        ((KOUSEI.name,), KOUSEI.id, KOUSEI.name),
        ((OWNER.id,), OWNER.id, OWNER.name),
        (("だれか",), None, "だれか"),
        (("だれか", "だれか"), None, "だれか"),
    ],
)
def test_without_a_certificate_the_documents_applicant_is_the_producer(
    applicants: tuple[str, ...], party: str | None, name: str
) -> None:
    (way,) = ways(_by_documents(applicants))
    assert way.producer is not None
    assert (way.producer.party, way.producer.name, way.processor) == (party, name, OTSU.id)


@pytest.mark.parametrize("applicants", [(), (KOUSEI.name, "だれか")])
def test_no_applicant_or_two_of_them_tell_nobody(applicants: tuple[str, ...]) -> None:
    (way,) = ways(_by_documents(applicants))
    assert way.producer is None


def _by_documents(applicants: tuple[str, ...]) -> Casebook:
    """Chips on a processing certificate that cites documents and no felling certificate."""
    papers = tuple(replace(DOCUMENT, id=f"doc-{n}", number=f"26-{n}", applicant=a) for n, a in enumerate(applicants))
    book = remove(replace(clean(), documents=papers), "f-1")
    return change(book, "p-1", draws=(), documents=tuple(p.id for p in papers))


def test_two_of_one_name_tell_no_party() -> None:
    twin = replace(KOUSEI, id="kousei-2")
    book = _by_documents((KOUSEI.name,))
    (way,) = ways(replace(book, parties=(*book.parties, twin)))
    assert way.producer is not None
    assert (way.producer.party, way.producer.name) == (None, KOUSEI.name)


# how much


def two_sources() -> Casebook:
    """Chips from two producers, 30 and 10 m³ of one species."""
    other = replace(FELLING, id="f-2", seller=HEIWA.id, accreditation_number="長木-056", number="平-1")
    return change(add(clean(), other), "p-1", draws=(Draw("f-1", m3(30)), Draw("f-2", m3(10))))


def test_a_lot_is_divided_over_its_producers() -> None:
    found = {way.entrance: way.grams for way in ways(two_sources())}
    assert found == {"f-1": 13_050_000, "f-2": 4_350_000}
    assert sorted(len(route.lots) for route in routes(two_sources())) == [1, 1]


def test_one_certificate_drawn_on_twice_is_one_way() -> None:
    book = change(clean(), "p-1", draws=(Draw("f-1", m3(30)), Draw("f-1", m3(10))))
    (way,) = ways(book)
    assert way.grams == 17_400_000


def test_one_producer_by_two_processors_is_two_ways() -> None:
    theirs: dict[str, Any] = {"seller": HEIWA.id, "buyer": OTSU.id, "draws": (Draw("f-1", m3(20)),)}
    mine = replace(PROCESSING, id="p-2", quantity=tonnes(15), **theirs)
    mixed = replace(
        PROCESSING,
        id="p-3",
        process=Process.TRADING,
        draws=(Draw("p-1", tonnes(15)), Draw("p-2", tonnes(15))),
    )
    book = change(change(add(clean(), mine, mixed), "p-1", buyer=OTSU.id), "d-1", certificate="p-3")
    assert {way.processor: way.grams for way in ways(book)} == {OTSU.id: 8_700_000, HEIWA.id: 8_700_000}


def test_what_cannot_be_weighed_is_on_a_route_without_grams() -> None:
    stacked = {"quantity": m3(50, Unit.M3_STACKED), "certificate": None, "fuel_class": FuelClass.THINNED}
    (route,) = routes(change(remove(clean(), "p-1"), "d-1", **stacked))
    assert (route.grams, route.untold) == (0, ("d-1",))


def test_a_circle_of_draws_tells_neither_entrance_nor_grams() -> None:
    book = change(clean(), "p-1", draws=(Draw("p-1", tonnes(30)),))
    (way,) = ways(book)
    assert (way.entrance, way.producer, way.grams) == (None, None, None)
    (route,) = routes(book)
    assert route.felling_certificate is UNTOLD


def test_a_certificate_that_nobody_has_is_an_entrance_that_tells_nothing() -> None:
    whole = whole_of(clean())
    known = {name: judged for name, judged in whole.judged.items() if name != "f-1"}
    (way,) = ways_of("d-1", known, whole.whereabouts)
    assert (way.entrance, way.producer, way.grams) == ("f-1", None, 17_400_000)
    found = look(way, known, whole.whereabouts)
    assert (found.felling_certificate, found.document, found.places) == (UNTOLD, UNTOLD, BLANK)


# the papers


@pytest.mark.parametrize(
    ("book", "columns"),
    [
        (clean, (YES, YES, MATCHED, YES, ())),
        (general, (YES, YES, MATCHED, YES, ())),
        (national, (YES, YES, MATCHED, YES, ())),
        (homestead, (YES, NEEDLESS, PlaceMatch.NOT_NEEDED, YES, ())),
        (imported, (YES, YES, PlaceMatch.NOT_NEEDED, YES, ())),
        (legality, (YES, NEEDLESS, PlaceMatch.NOT_NEEDED, YES, ())),
    ],
)
def test_sound_wood_of_every_kind(book: Callable[[], Casebook], columns: tuple[Any, ...]) -> None:
    (route,) = routes(book())
    assert papers(route) == columns


@pytest.mark.parametrize(
    ("book", "columns"),
    [
        (change(clean(), "f-1", documents=()), (YES, NO, BLANK, YES, ("2",))),
        (change(clean(), "doc-1", kind=DocumentKind.PRIVATE_CONTRACT), (YES, NO, BLANK, YES, ("2",))),
        (change(clean(), "f-1", locations=()), (YES, YES, PlaceMatch.ABSENT, YES, ("3i",))),
        (
            change(clean(), "f-1", locations=(Place("長野県", "〇〇市"),)),
            (YES, YES, PlaceMatch.MUNICIPALITY_ONLY, YES, ("3ii",)),
        ),
        (
            change(clean(), "f-1", locations=(Place("長野県", "〇〇市", compartments=("12い-3",)),)),
            (YES, YES, PlaceMatch.NOTATION_DIFFERS, YES, ("3iii",)),
        ),
        (
            change(clean(), "f-1", locations=(Place("長野県", "〇〇市", "大字甲", "字乙", ("9-9",)),)),
            (YES, YES, PlaceMatch.ELSEWHERE, YES, ()),
        ),
        (
            change(clean(), "f-1", locations=(Place("長野県", "〇〇市", annex=True),)),
            (YES, YES, PlaceMatch.UNTOLD, YES, ()),
        ),
        (remove(change(clean(), "p-1", draws=()), "f-1"), (NO, NO, BLANK, YES, ("2",))),
        (_by_documents((KOUSEI.name,)), (NO, YES, BLANK, YES, ("2",))),
        (
            change(_by_documents((KOUSEI.name,)), "doc-0", copy=DocumentCopy.MISSING),
            (NO, NO, BLANK, YES, ("2",)),
        ),
        (
            change(remove(change(clean(), "f-1", goods=Goods.LOGS), "p-1"), "d-1", certificate="f-1"),
            (YES, YES, MATCHED, NO, ("2",)),
        ),
        (
            change(clean(), "d-1", certificate=None, fuel_class=FuelClass.THINNED),
            (NO, UNTOLD, BLANK, NO, ("2",)),
        ),
    ],
)
def test_what_is_missing_shows_in_its_column(book: Casebook, columns: tuple[Any, ...]) -> None:
    route = next(r for r in routes(book) if "d-1" in r.lots)
    assert papers(route) == columns


def test_with_finding_1_nothing_else_is_looked_at() -> None:
    (route,) = routes(_clear_felled(change(clean(), "f-1", locations=())))
    assert route.final_felling_as_thinned
    assert "1" in route.findings
    blank = Held.NOT_LOOKED_AT
    assert papers(route)[:4] == (blank, blank, BLANK, blank)


def _clear_felled(book: Casebook) -> Casebook:
    return change_felling(book, "doc-1", method=FellingMethod.CLEAR, rate=10_000)


def test_a_finding_is_on_the_routes_of_its_own_wood_alone() -> None:
    book = change(two_sources(), "f-2", locations=())
    found = {route.producer.party: route.findings for route in routes(book) if route.producer is not None}
    assert found == {KOUSEI.id: (), HEIWA.id: ("3i",)}


def test_of_two_lots_on_a_route_the_worse_column_stands_and_how_many_is_told() -> None:
    vague = replace(FELLING, id="f-2", number="第26-018号", locations=(Place("長野県", "〇〇市"),))
    chips = replace(PROCESSING, id="p-2", number="乙-2", draws=(Draw("f-2", m3(40)),))
    truck = replace(DELIVERY, id="d-2", certificate="p-2")
    book = add(clean(), vague, chips, truck)
    (route,) = routes(book)
    assert route.places is PlaceMatch.MUNICIPALITY_ONLY
    assert (route.lots, route.lots_found) == (("d-1", "d-2"), ("d-2",))
    three = counts((route,))[2]
    assert (three.finding, three.routes, three.lots, three.grams) == ("3", 1, 1, 17_400_000)
    *_, clean_lots, total = routes_report(whole_of(book), None).tables[0].rows
    assert clean_lots[2:] == (1, 1, 1, 17_400_000)
    assert total[2:] == (1, 1, 2, 34_800_000)


def test_other_hands_are_all_named_but_on_paper() -> None:
    hands = [replace(HEIWA, id=f"trader-{n}", name=f"第{n}木材") for n in range(4)]
    book = change(clean(), "p-1", buyer=hands[0].id)
    book = replace(book, parties=(*book.parties, *hands))
    for n, (seller, buyer) in enumerate(zip(hands, (*hands[1:], PLANT), strict=True)):
        draws = (Draw("p-1" if n == 0 else f"t-{n - 1}", tonnes(30)),)
        through = replace(PROCESSING, id=f"t-{n}", number=f"丙-{n}", seller=seller.id, buyer=buyer.id, draws=draws)
        book = add(book, replace(through, process=Process.TRADING))
    report = routes_report(whole_of(change(book, "d-1", certificate="t-3", sender=hands[3].id)), None)
    assert report.paper is not None
    full, short = (str(tables[-1].rows[0][-1]) for tables in (report.tables, report.paper))
    assert "経由 第0木材、第1木材、第2木材、第3木材" in full
    assert "経由 第0木材、第1木材 ほか2者" in short


def test_other_rules_and_those_not_run_are_told_beside() -> None:
    (route,) = routes(change(clean(), "p-1", accreditation_number=None))
    assert (route.findings, route.others) == ((), ("A201",))
    (route,) = routes(change(clean(), "f-1", locations=(Place("長野県", "〇〇市", annex=True),)))
    assert route.open == ("L401",)


def test_each_class_is_a_route_of_its_own() -> None:
    other = replace(FELLING, id="f-2", number="第26-018号", form=Form.F1_1, fuel_class=FuelClass.GENERAL)
    chips = replace(PROCESSING, id="p-2", form=Form.F2_4, fuel_class=FuelClass.GENERAL, draws=(Draw("f-2", m3(40)),))
    truck = replace(DELIVERY, id="d-2", certificate="p-2")
    found = routes(add(clean(), other, chips, truck))
    assert {route.fuel_class for route in found} == {FuelClass.THINNED, FuelClass.GENERAL}


def test_waste_is_not_looked_at_but_told() -> None:
    book = change(remove(clean(), "p-1"), "d-1", certificate=None, fuel_class=FuelClass.CONSTRUCTION_WASTE)
    with pytest.raises(UsageError) as refused:
        routes_report(whole_of(book), None)
    assert refused.value.code == "no-routes"
    both = add(clean(), replace(DELIVERY, id="d-2", certificate=None, fuel_class=FuelClass.CONSTRUCTION_WASTE))
    notes = routes_report(whole_of(both), None).notes
    assert any("1 ロット、全乾" in note.ja for note in notes)


# groups


def grouped(book: Casebook, by: By) -> dict[str, list[tuple[str | None, str, int]]]:
    """By side: id, name and routes of each group."""
    data = routes_report(whole_of(book), None, (by,)).data["groups"]
    return {side: [(g["id"], g["name"], g["routes"]) for g in found] for side, found in data.items()}


def test_bodies_of_both_sides() -> None:
    found = grouped(clean(), By.BODY)
    assert found == {"body": [(BODY.id, BODY.name, 1)], "producers_body": [(BODY.id, BODY.name, 1)]}
    direct = grouped(logs_direct(), By.BODY)
    assert direct["body"] == [("direct", "（素材生産者からの直接納入）", 1)]
    exempt = grouped(homestead(), By.BODY)
    assert [key for key, _, _ in exempt["producers_body"]] == ["exempt"]


def test_the_accreditation_of_the_day_tells_the_body_also_before_and_after_it() -> None:
    earlier = replace(OTSU.accreditations[0], body="gifu-body", start=date(2011, 4, 1), until=date(2014, 3, 31))
    party = replace(OTSU, accreditations=(earlier, *OTSU.accreditations))
    book = clean()
    whole = whole_of(replace(book, parties=tuple(party if p.id == OTSU.id else p for p in book.parties)))
    where = whole.whereabouts
    days = {date(2010, 1, 1): "gifu-body", date(2014, 3, 31): "gifu-body", date(2014, 4, 1): BODY.id}
    assert {day: where.body(OTSU.id, day) for day in (*days, date(2020, 1, 1))} == {**days, date(2020, 1, 1): BODY.id}


@pytest.mark.parametrize(
    ("party", "why"),
    [
        (Party("x", "x", (Role.PROCESSOR,)), Unaccredited.NONE_KNOWN),
        (OFFICE, Unaccredited.EXEMPT),
        (OWNER, Unaccredited.EXEMPT),
        (PLANT, Unaccredited.EXEMPT),
        (replace(OTSU, accreditations=(replace(OTSU.accreditations[0], body=None, self_declared=True),)), "own_code"),
    ],
)
def test_why_nobody_accredits_a_party(party: Party, why: str) -> None:
    whole = whole_of(replace(clean(), parties=(party,)))
    assert whole.whereabouts.body(party.id, date(2014, 6, 1)) == why
    assert whole.whereabouts.body("nobody", date(2014, 6, 1)) is Unaccredited.NO_PARTY


def test_prefectures_of_forest_and_plant_and_what_is_not_told() -> None:
    book = replace(
        clean(), parties=tuple(replace(p, address="新潟県上越市1") if p.id == PLANT.id else p for p in clean().parties)
    )
    assert grouped(book, By.PREFECTURE) == {
        "prefecture": [("長野県", "長野県", 1)],
        "plants_prefecture": [("新潟県", "新潟県", 1)],
    }
    ambiguous = change(change(book, "f-1", locations=(Place(municipality="府中市"),)), "doc-1", locations=())
    report = routes_report(whole_of(ambiguous), None, (By.PREFECTURE,))
    assert [g["id"] for g in report.data["groups"]["prefecture"]] == [None]
    assert any("分からない" in line.ja and "1ルート" in line.ja for line in report.attention)
    assert grouped(imported(), By.PREFECTURE)["prefecture"] == [("abroad", "（輸入材）", 1)]


def test_a_document_tells_the_prefecture_that_the_certificate_leaves_out() -> None:
    whole = whole_of(change(clean(), "f-1", locations=()))
    felled = whole.whereabouts.felled(next(c for c in [whole.certificate("f-1")] if c))
    assert (felled.told.prefecture, felled.by) == ("長野県", "document")


# period and party


def test_the_period_is_by_the_day_of_arrival_and_the_party_anywhere_on_the_route() -> None:
    whole = whole_of(clean())
    day = DELIVERY.date
    assert len(routes_report(whole, Span(day, day)).data["routes"]) == 1
    with pytest.raises(UsageError):
        routes_report(whole, Span(date(2014, 4, 1), date(2014, 11, 18)))
    for party in (KOUSEI, OTSU, PLANT):
        assert len(routes_report(whole, None, (), party).data["routes"]) == 1
    with pytest.raises(UsageError):
        routes_report(whole, None, (), HEIWA)


def test_a_certificate_to_a_plant_that_no_delivery_cites_is_a_lot_too() -> None:
    (route,) = routes(remove(clean(), "d-1"))
    assert route.lots == ("p-1",)
    assert papers(route) == (YES, YES, MATCHED, YES, ())


def test_residues_and_mixed_lots() -> None:
    assert {route.producer.party for route in routes(residues()) if route.producer} == {KOUSEI.id}
    shares = (Share(FuelClass.THINNED, 6_000), Share(FuelClass.GENERAL, 4_000))
    (route,) = routes(change(clean(), "p-1", mixed=Mixed(PLANT.id, shares)))
    assert route.grams == 17_400_000


def test_a_delivery_without_sender_goes_by_its_certificate() -> None:
    (way,) = ways(change(clean(), "d-1", sender=None))
    assert way.processor == OTSU.id
    bare = change(remove(clean(), "p-1"), "d-1", certificate="f-1", sender=None)
    (way,) = ways(bare)
    assert way.processor == OTSU.id  # to whom the felling certificate was made out
    alone = change(clean(), "d-1", certificate=None, sender=None, quantity=Quantity(1_000_000, Unit.T))
    (way,) = ways(alone)
    assert (way.processor, way.direct, way.producer) == (None, False, None)
