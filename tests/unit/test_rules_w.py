"""Family W: wood that needs no felling procedure, on 1-2."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Form, Origin, Statement
from biotrace.model.document import Document, DocumentCopy, DocumentKind, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.place import Place
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.retention import Deleted
from biotrace.verify.case import Case, case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.kept import Deletion, KeptPapers, Sayer
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, Status, judge
from tests.casebooks import (
    KOUSEI,
    OWNER,
    Bad,
    Good,
    add,
    change,
    findings,
    fired,
    homestead,
    lot_of,
    row_name,
)

UNPROVEN, NOTICE, WASTE, BUILDING = Effect.UNPROVEN, Effect.NOTICE, Effect.GENERAL_WASTE, Effect.CONSTRUCTION_WASTE
VIEW = Document(
    id="view", kind=DocumentKind.MUNICIPAL_OPINION, number="環第12号", issuer="town", accepted=date(2014, 4, 1)
)


def of_kind(*origins: Origin, view: Document | None = None) -> Casebook:
    """The homestead's wood declared as something else, with a municipality's view where given."""
    book = change(homestead(), "f-1", origins=origins)
    return book if view is None else add(change(book, "f-1", documents=(view.id,)), view)


def saying(*statements: Statement) -> Casebook:
    """1-2 with these sentences."""
    return change(homestead(), "f-1", statements=statements)


ALL, CLEAN, LAWFUL = Statement.ALL_OF_CLASS, Statement.NO_CONSTRUCTION_WASTE, Statement.LAWFUL
NOWHERE = change(homestead(), "f-1", locations=())
AT_A_LANDING = (Place(landing="甲ダム網場"),)
STREET, GARDEN, DAM, RIVER = Origin.STREET_PRUNING, Origin.GARDEN_PRUNING, Origin.DAM_DRIFTWOOD, Origin.DRIFTWOOD
BAD = [
    Bad("W801", "what", of_kind(), "f-1", UNPROVEN, "記載がない: 木材の種類", "missing: what it is"),
    Bad(
        "W801",
        "owner's address",
        change(homestead(), OWNER.id, address=None),
        "f-1",
        UNPROVEN,
        "所有者・伐採者の住所",
        "owner's or feller's address",
    ),
    Bad("W801", "where", NOWHERE, "f-1", UNPROVEN, "発生場所", "where it arose"),
    Bad(
        "W801",
        "a landing is not where trees stood",
        change(homestead(), "f-1", locations=AT_A_LANDING),
        "f-1",
        UNPROVEN,
        "発生場所",
        "where it arose",
    ),
    Bad("W801", "all of it", saying(CLEAN, LAWFUL), "f-1", UNPROVEN, "全てその木材である旨", "all of it is that"),
    Bad(
        "W801",
        "forest wood",
        of_kind(Origin.HOMESTEAD, Origin.FINAL_FELLING),
        "f-1",
        UNPROVEN,
        "別記1-2の木材ではない: 主伐材",
        "not wood that 1-2 is for: wood from a final felling",
    ),
    Bad(
        "W801",
        "thinned",
        change(homestead(), "f-1", fuel_class=FuelClass.THINNED),
        "f-1",
        Effect.GENERAL,
        "一般木質まで",
        "general at best",
    ),
    Bad("W802", "street", of_kind(STREET), "f-1", WASTE, "街路樹の剪定枝（廃棄物に当たらない旨", "without a municip"),
    Bad("W802", "garden", of_kind(GARDEN), "f-1", WASTE, "庭木の剪定枝", "garden prunings, without"),
    Bad("W802", "in part", of_kind(Origin.HOMESTEAD, STREET), "f-1", WASTE, "街路樹", "street-tree prunings, without"),
    Bad("W802", "with a view", of_kind(STREET, view=VIEW), "f-1", NOTICE, "環第12号 がある", "written view 環第12号"),
    Bad(
        "W802",
        "a view nobody has kept",
        of_kind(STREET, view=replace(VIEW, copy=DocumentCopy.SHOWN_NOT_KEPT)),
        "f-1",
        WASTE,
        "書面がない",
        "without a municip",
    ),
    Bad(
        "W802",
        "somebody else's view",
        of_kind(STREET, view=replace(VIEW, issuer=KOUSEI.id)),
        "f-1",
        WASTE,
        "書面がない",
        "without a municip",
    ),
    Bad(
        "W802",
        "a view that held until the day before",
        of_kind(STREET, view=replace(VIEW, valid=Period(until=date(2014, 6, 26)))),
        "f-1",
        WASTE,
        "書面がない",
        "without a municip",
    ),
    Bad(
        "W802",
        "a view that holds from the day after",
        of_kind(STREET, view=replace(VIEW, valid=Period(date(2014, 6, 28)))),
        "f-1",
        WASTE,
        "書面がない",
        "without a municip",
    ),
    Bad("W803", "from a dam", of_kind(DAM), "f-1", NOTICE, "ダム流木（区分はそのまま）", "the class stays: dam"),
    Bad("W803", "from a river", of_kind(RIVER), "f-1", WASTE, "流木（廃棄物に", "driftwood, without"),
    Bad("W803", "with a view", of_kind(RIVER, view=VIEW), "f-1", NOTICE, "環第12号", "written view 環第12号"),
    Bad("W804", "landscaping", of_kind(Origin.LANDSCAPING_PRUNING), "f-1", BUILDING, "造園", "landscaping prunings"),
    Bad(
        "W805",
        "as printed",
        saying(ALL),
        "f-1",
        NOTICE,
        "建設資材廃棄物が混入していないこと、法規制",
        "waste is mixed in, no",
    ),
    Bad("W805", "nothing of waste", saying(ALL, LAWFUL), "f-1", NOTICE, "建設資材廃棄物", "missing: no construction"),
    Bad("W805", "nothing of felling", saying(ALL, CLEAN), "f-1", NOTICE, "適切に伐採", "missing: no rule applied"),
    Bad(
        "W801",
        "wood from abroad",
        change(homestead(), "f-1", country="US"),
        "f-1",
        UNPROVEN,
        "別記1-2の木材ではない（輸入材）: 産出国: US",
        "it is imported: country: US",
    ),
]
DRIFTED = change(of_kind(DAM), "f-1", locations=AT_A_LANDING, statements=(ALL, CLEAN))
GOOD = [
    Good("W801", "all there", homestead()),
    Good("W801", "driftwood arises where it is landed", DRIFTED, also=("W803",)),
    Good("W802", "orchard prunings", of_kind(Origin.ORCHARD_PRUNING)),
    Good("W803", "bamboo", of_kind(Origin.BAMBOO)),
    Good("W804", "a gardener's prunings", of_kind(GARDEN, view=VIEW), also=("W802",)),
    Good("W805", "driftwood was not felled", DRIFTED, also=("W803",)),
]


@pytest.mark.parametrize("row", BAD, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", GOOD, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def test_a_view_holds_on_its_first_and_last_day() -> None:
    book = of_kind(STREET, view=replace(VIEW, valid=Period(date(2014, 6, 27), date(2014, 6, 27))))
    (finding,) = findings(book, "W802")
    assert finding.is_notice


@pytest.mark.parametrize(
    ("origin", "confirmed"),
    [
        (Origin.HOMESTEAD, FuelClass.GENERAL),
        (STREET, FuelClass.GENERAL_WASTE),
        (RIVER, FuelClass.GENERAL_WASTE),
        (DAM, FuelClass.GENERAL),
        (Origin.LANDSCAPING_PRUNING, FuelClass.CONSTRUCTION_WASTE),
    ],
)
def test_what_a_plant_gets_for_it(origin: Origin, confirmed: FuelClass) -> None:
    lot = lot_of(of_kind(origin))
    assert lot.status is Status.COMPLETE
    assert lot.confirmed is confirmed


def test_thinned_wood_on_1_2_is_general() -> None:
    book = change(change(homestead(), "f-1", fuel_class=FuelClass.THINNED), "p-1", fuel_class=FuelClass.THINNED)
    book = change(book, "p-1", form=Form.F2_1)
    assert fired(book) == {"W801"}
    assert lot_of(book).confirmed is FuelClass.GENERAL


def test_wood_declared_waste_is_outside_the_family() -> None:
    book = change(of_kind(STREET), "f-1", fuel_class=FuelClass.GENERAL_WASTE, statements=(), locations=())
    assert not {code for code in fired(book) if code.startswith("W")}


# private fields


def sealing(*fields: PrivateField) -> tuple[Sealed, ...]:
    """Fields that are stated, but not shown."""
    return tuple(Sealed(field, bytes(32)) for field in fields)


def sealed_address() -> Case:
    """The homestead, with its owner's address sealed in the party's record."""
    case = case_of_casebook(homestead())
    owner = replace(OWNER, address=None, sealed=sealing(PrivateField.ADDRESS))
    return with_party(case, owner)


def with_party(case: Case, party: Party) -> Case:
    """The case with another version of a party."""
    return replace(case, parties={**case.parties, party.id: party})


def sealed_on_the_paper(opened: bool) -> Case:
    """The homestead, its owner's address on the certificate only, and there sealed."""
    case = with_party(case_of_casebook(homestead()), replace(OWNER, address=None))
    entries = []
    for entry in case.entries:
        value = entry.value
        if isinstance(value, Certificate) and value.id == "f-1":
            private = sealing(PrivateField.OWNER_NAME, PrivateField.OWNER_ADDRESS)
            shown = frozenset({PrivateField.OWNER_ADDRESS} if opened else ())
            entry = replace(entry, value=replace(value, sealed=private), opened=shown)
        entries.append(entry)
    return replace(case, entries=tuple(entries))


def lot_in(case: Case) -> LotVerdict:
    """The verdict on the only lot."""
    (lot,) = judge(case, RINYA_2012).lots
    return lot


def w801(case: Case) -> list[bool]:
    """Where W801 could not be run: whether that is decisive."""
    return [u.decisive for u in lot_in(case).not_checked if u.code == "W801"]


@pytest.mark.parametrize("case", [sealed_address(), sealed_on_the_paper(opened=False)])
def test_w801_is_not_checked_without_the_address_and_that_decides(case: Case) -> None:
    lot = lot_in(case)
    assert (lot.status, lot.confirmed) == (Status.INCOMPLETE, FuelClass.CONSTRUCTION_WASTE)
    assert lot.if_passed is FuelClass.GENERAL
    assert w801(case) == [True]
    assert "W801" not in (*lot.fired, *lot.passed)


def test_w801_is_content_with_a_disclosed_address() -> None:
    lot = lot_in(sealed_on_the_paper(opened=True))
    assert lot.status is Status.COMPLETE
    assert "W801" in lot.passed


@pytest.mark.parametrize(
    ("day", "deleted", "decisive"),
    [
        (date(2019, 6, 28), Deleted.PRIVATE_FIELDS, False),
        (date(2019, 6, 27), Deleted.PRIVATE_FIELDS, True),
        (date(2019, 6, 28), Deleted.FILES, True),
    ],
)
def test_w801_once_the_address_was_deleted_lawfully_nothing_changes(
    day: date, deleted: Deleted, decisive: bool
) -> None:
    gone = Deletion(Sayer(OWNER.id), 9, day, (deleted,))
    case = replace(sealed_address(), kept=KeptPapers(deletions={OWNER.id: (gone,)}))
    assert w801(case) == [decisive]
