"""Regional supply and demand: what was certified where, what plants took from where, and who is upon the same wood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Mixed, Share
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.quantity import Unit
from biotrace.model.text import same
from biotrace.services.report_supply import supply_report
from biotrace.services.report_supply_figures import Every
from biotrace.services.report_whole import Whole
from biotrace.services.shipped import municipalities
from biotrace.verify.case import case_of_casebook
from biotrace.verify.places import Untold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.span import Span, fiscal_span
from tests.books import burned, planned, with_books
from tests.casebooks import (
    DELIVERY,
    FELLING,
    OTHER_PLANT,
    PLANT,
    PROCESSING,
    add,
    change,
    clean,
    correct,
    imported,
    m3,
    remove,
    tonnes,
)

GUNMA = Place("群馬県", "〇〇市", "大字丙", parcels=("1-1",))


def whole_of(book: Casebook) -> Whole:
    """The book as the material of reports about everybody."""
    return Whole(case_of_casebook(book, municipalities=municipalities()), RINYA_2012, {})


def data(book: Casebook, span: Span | None = None, every: Every = Every.WHOLE) -> dict[str, Any]:
    """The report as data."""
    return dict(supply_report(whole_of(book), span, every).data)


def at(book: Casebook, **addresses: str | None) -> Casebook:
    """The book with plants where these addresses say: plant_8="新潟県上越市"."""
    named = {name.replace("_", "-"): address for name, address in addresses.items()}
    parties = tuple(replace(p, address=named.get(p.id, p.address)) for p in book.parties)
    return replace(book, parties=parties)


def two_plants() -> Casebook:
    """Thinned wood of Nagano to plants in Niigata and Nagano, and of Gunma to the one in Niigata."""
    gunma = replace(FELLING, id="f-2", number="第26-018号", locations=(GUNMA,))
    chips = replace(PROCESSING, id="p-2", number="乙-2", draws=(Draw("f-2", m3(20)), Draw("f-1", m3(20))))
    other = replace(PROCESSING, id="p-3", number="乙-3", buyer=OTHER_PLANT.id, draws=(Draw("f-1", m3(20)),))
    other = replace(other, quantity=tonnes(10))
    trucks = [
        replace(DELIVERY, id="d-2", certificate="p-2"),
        replace(DELIVERY, id="d-3", certificate="p-3", at=OTHER_PLANT.id, quantity=tonnes(10), date=date(2015, 4, 2)),
    ]
    book = at(clean(), plant_8="新潟県上越市1", plant_9="長野県〇〇市2")
    return add(book, gunma, chips, other, *trucks)


def flows(found: dict[str, Any]) -> dict[tuple[str | None, str | None], int]:
    """The matrix."""
    return {(x["from"], x["to"]): x["bone_dry"] for x in found["flows"]}


def test_supply_is_what_was_certified_at_the_source_by_the_felling_places_prefecture() -> None:
    (line,) = data(clean())["supply"]
    assert (line["prefecture"], line["class"], line["certificates"]) == ("長野県", "thinned", 1)
    assert (line["cm3"], line["bone_dry"], line["confirmed"]) == (100_000_000, 45_454_545, 45_454_545)
    assert line["records"] == ["f-1"]


def test_what_the_rules_do_not_confirm_is_supply_all_the_same() -> None:
    (line,) = data(change(clean(), "f-1", documents=()))["supply"]
    assert (line["bone_dry"], line["confirmed"]) == (45_454_545, 0)


@pytest.mark.parametrize("action", [Action.CANCEL, Action.REPLACE])
def test_what_was_withdrawn_or_only_supplements_is_none(action: Action) -> None:
    more = replace(FELLING, id="f-2", number="第26-018号")
    assert len(data(add(clean(), more))["supply"][0]["records"]) == 2
    withdrawn = correct(add(clean(), more), "f-2", action, by="f-1" if action is Action.REPLACE else None)
    assert data(withdrawn)["supply"][0]["records"] == ["f-1"]
    supplement = correct(add(clean(), more), "f-1", Action.SUPPLEMENT, by="f-2")
    assert data(supplement)["supply"][0]["records"] == ["f-1"]


def test_flows_are_lots_traced_back_from_prefecture_to_prefecture() -> None:
    found = data(two_plants())
    assert flows(found) == {
        ("群馬県", "新潟県"): 8_700_000,
        ("長野県", "新潟県"): 17_400_000 + 8_700_000,
        ("長野県", "長野県"): 5_800_000,
    }
    need = {x["prefecture"]: x for x in found["demand"]}
    figures = ("received", "from_same_prefecture", "from_elsewhere", "from_unknown")
    assert [need["新潟県"][figure] for figure in figures] == [34_800_000, 0, 34_800_000, 0]
    assert [need["長野県"][figure] for figure in figures] == [5_800_000, 5_800_000, 0, 0]


def test_plants_upon_the_same_wood_are_named() -> None:
    book = with_books(two_plants(), planned(tonnes(100, 0)), burned(tonnes(1, 0)))
    report = supply_report(whole_of(book), None)
    contest = next(table for table in report.tables if table.title.ja == "産地の重なり")
    (row,) = contest.rows
    assert row[0] == same("長野県")
    assert row[3] == 2
    assert row[4] == f"▼{PLANT.name} 26.100 t、{OTHER_PLANT.name} 5.800 t"
    assert any(PLANT.name in line.ja and "計画を下回る" in line.ja for line in report.attention)


def contested(book: Casebook, every: Every = Every.WHOLE) -> list[tuple[object, ...]]:
    """The rows of plants upon the same wood."""
    report = supply_report(whole_of(book), None, every)
    return next(list(table.rows) for table in report.tables if table.title.ja == "産地の重なり")


def test_a_plant_is_marked_in_the_years_in_which_it_burned_less_than_planned() -> None:
    later = replace(DELIVERY, id="d-4", certificate="p-2", date=date(2015, 4, 3))
    sooner = replace(DELIVERY, id="d-5", certificate="p-3", at=OTHER_PLANT.id, quantity=tonnes(1))
    plans = planned(tonnes(100, 0)), planned(tonnes(1, 0), 2015)
    book = with_books(add(two_plants(), later, sooner), *plans, burned(tonnes(1, 0)))
    book = with_books(book, burned(tonnes(2, 0), date(2015, 4, 1)))
    marked = {row[0]: str(row[5]).count("▼") for row in contested(book, Every.YEAR)}
    assert marked == {"2014": 1, "2015": 0}


def test_wood_from_abroad_is_no_prefecture_that_plants_share() -> None:
    other = replace(DELIVERY, id="d-2", at=OTHER_PLANT.id, quantity=tonnes(1))
    assert contested(add(imported(), other)) == []


def test_years_and_months_part_the_figures() -> None:
    book = two_plants()
    by_year = data(book, None, Every.YEAR)
    assert {x["period"] for x in by_year["flows"]} == {"2014", "2015"}
    assert {x["period"] for x in data(book, None, Every.MONTH)["flows"]} == {"2014-11", "2015-04"}
    whole = sum(x["bone_dry"] for x in data(book)["flows"])
    assert sum(x["bone_dry"] for x in by_year["flows"]) == whole
    assert {x["from"] for x in data(book, fiscal_span(2015))["flows"]} == {"長野県"}


def test_plans_and_use_are_demand_also_without_a_delivery() -> None:
    book = with_books(remove(clean(), "d-1"), planned(tonnes(12, 0)), burned(tonnes(3, 0)))
    (line,) = data(remove(book, "p-1"))["demand"]
    assert (line["planned"], line["burned"], line["difference"]) == (1_000_000, 3_000_000, 2_000_000)
    assert (line["received"], line["plants"]) == (0, [PLANT.id])


def test_a_municipality_that_two_prefectures_have_is_not_told() -> None:
    book = change(clean(), "f-1", locations=(Place(municipality="府中市"),))
    found = supply_report(whole_of(change(book, "doc-1", locations=())), None)
    assert [x["prefecture"] for x in found.data["supply"]] == [None]
    untold = next(table for table in found.tables if table.title.ja == "分からないもの")
    assert Untold.AMBIGUOUS.value in [row[1] for row in untold.rows]
    assert any("都道府県の分からない供給: 第26-017号" in line.ja for line in found.attention)


def test_the_document_tells_where_the_certificate_does_not() -> None:
    (line,) = data(change(clean(), "f-1", locations=(Place(municipality="府中市"),)))["supply"]
    assert line["prefecture"] == "長野県"


def test_imported_wood_is_from_abroad() -> None:
    found = data(at(imported(), plant_8="新潟県上越市1"))
    assert [x["prefecture"] for x in found["supply"]] == ["abroad"]
    assert flows(found) == {("abroad", "新潟県"): 17_400_000}
    assert found["demand"][0]["from_elsewhere"] == 17_400_000


def test_a_plant_without_an_address_is_told_as_unknown_and_why() -> None:
    report = supply_report(whole_of(clean()), None)
    assert [x["to"] for x in report.data["flows"]] == [None]
    assert any(PLANT.name in line.ja for line in report.attention)
    sealed = replace(PLANT, sealed=(Sealed(PrivateField.ADDRESS, b"0" * 32),))
    book = replace(clean(), parties=tuple(sealed if p.id == PLANT.id else p for p in clean().parties))
    whole = whole_of(book)
    told = whole.whereabouts.party(PLANT.id)
    assert told.why is not None
    assert told.why.name == "PRIVATE"


def test_an_exempt_lot_counts_by_its_certified_shares() -> None:
    shares = (Share(FuelClass.THINNED, 6_000), Share(FuelClass.GENERAL, 4_000))
    found = data(change(clean(), "p-1", mixed=Mixed(PLANT.id, shares)))
    assert {x["class"]: x["bone_dry"] for x in found["flows"]} == {"thinned": 10_440_000, "general": 6_960_000}


def test_waste_needs_no_origin_and_none_is_missed() -> None:
    truck = replace(DELIVERY, id="d-2", certificate=None, fuel_class=FuelClass.CONSTRUCTION_WASTE)
    report = supply_report(whole_of(add(clean(), truck)), None)
    assert not any("産地の都道府県が分からない納入" in line.ja for line in report.attention)
    bare = replace(DELIVERY, id="d-2", certificate=None, fuel_class=FuelClass.THINNED)
    report = supply_report(whole_of(add(clean(), bare)), None)
    assert any("産地の都道府県が分からない納入: d-2" in line.ja for line in report.attention)


def test_what_no_factor_turns_into_tonnes_is_told() -> None:
    report = supply_report(whole_of(change(clean(), "f-1", quantity=m3(20, Unit.M3_STACKED))), None)
    assert report.data["supply"][0]["unweighed"] == 1
    assert any("換算係数がなくトンに入っていない: 第26-017号" in line.ja for line in report.attention)


def test_what_the_ledger_cannot_know_is_said() -> None:
    notes = [note.ja for note in supply_report(whole_of(clean()), None).notes]
    assert any(note.startswith("台帳から分からないこと") for note in notes)


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(UsageError):
        supply_report(whole_of(clean()), fiscal_span(2020))
    with pytest.raises(UsageError):
        supply_report(whole_of(Casebook()), None)
