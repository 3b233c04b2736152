"""Through any delivery graph grams are conserved and classes never rise; and leaving something out never pays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw, Form, Goods, Process, Statement
from biotrace.model.delivery import Delivery
from biotrace.model.document import DocumentKind, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.fold import NOMINAL_GRAMS, Judged
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.species import WoodGroup
from biotrace.verify.tonnage import Composition, most_bone_dry, split
from biotrace.verify.verdict import LotVerdict, Status, Verdict
from biotrace.verify.verdict_json import kilograms, kilograms_by_class, verdict_data
from tests.casebooks import (
    BOTH,
    DELIVERY,
    DOCUMENT,
    FELLING,
    HEIWA,
    OTSU,
    PLANT,
    PROCESSING,
    change,
    change_felling,
    clean,
    general,
    homestead,
    judged,
    logs_direct,
    lot_of,
    m3,
    national,
    plan,
    protection,
    remove,
    residues,
    verdict_of,
)
from tests.strategies import casebooks

slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
WASTE = FuelClass.CONSTRUCTION_WASTE
PROVABLE = (FuelClass.THINNED, FuelClass.GENERAL)


# random delivery graphs

AMOUNTS = st.integers(1, 30) | st.integers(1, 60_000_000) | st.sampled_from((1_000_000, 10_000_000, 40_000_000))
UNITS = st.sampled_from((Unit.T, Unit.KG, Unit.M3, Unit.M3, Unit.M3_LOOSE, Unit.M3_STACKED))
MOISTURES = st.none() | st.sampled_from((0, 4_200, 9_999)) | st.integers(0, 9_999)
CLASSES = st.sampled_from((FuelClass.THINNED, FuelClass.THINNED, FuelClass.THINNED, *FuelClass))
DAYS = st.integers(0, 3).map(lambda days: PROCESSING.date + timedelta(days))
TRADERS = (OTSU, HEIWA)
FELLING_FLAWS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"area": None},
    {"documents": ("clear",)},
    {"documents": ("shared",)},
    {"includes_weeding": True},
)
PROCESSING_FLAWS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"accreditation_number": None},
    {"statements": (Statement.ALL_OF_CLASS,)},
    {"goods": Goods.BARK},
    {"species": ()},
)


def quantities() -> SearchStrategy[Quantity]:
    """Anything from a gram to a truck, in any unit."""
    return st.builds(Quantity, AMOUNTS, UNITS, MOISTURES)


@st.composite
def fellings(draw: st.DrawFn, name: str) -> Certificate:
    """A felling certificate, sound or not, in any unit."""
    flaw = draw(st.sampled_from(FELLING_FLAWS))
    declared = draw(st.sampled_from((FuelClass.THINNED, FuelClass.THINNED, FuelClass.GENERAL)))
    buyer = draw(st.sampled_from(TRADERS)).id
    base = replace(FELLING, id=name, quantity=draw(quantities()), buyer=buyer, documents=("free",))
    return replace(base, fuel_class=declared, **flaw)


@st.composite
def draws_on(draw: st.DrawFn, certificates: list[Certificate], later: list[str]) -> Draw:
    """A draw on an earlier certificate, mostly in its own unit; now and then on a later one."""
    if later and draw(st.integers(0, 9)) == 0:
        return Draw(draw(st.sampled_from(later)), draw(quantities()))
    source = draw(st.sampled_from(certificates))
    if draw(st.integers(0, 4)) == 0:
        return Draw(source.id, draw(quantities()))
    return Draw(source.id, Quantity(draw(AMOUNTS), source.quantity.unit))


@st.composite
def processings(draw: st.DrawFn, name: str, known: list[Certificate], later: list[str]) -> Certificate:
    """A processing certificate over some of the earlier ones: sound, over-drawn, mixed, a stranger's or in a circle."""
    seller = draw(st.sampled_from((*TRADERS, OTSU)))
    taken = draw(st.lists(draws_on(known, later), max_size=3))
    base = replace(
        PROCESSING,
        id=name,
        seller=seller.id,
        accreditation_number=seller.accreditations[0].number,
        buyer=draw(st.sampled_from((*TRADERS, PLANT))).id,
        fuel_class=draw(CLASSES),
        quantity=draw(quantities()),
        draws=tuple(taken),
        date=draw(DAYS),
    )
    return replace(base, **draw(st.sampled_from(PROCESSING_FLAWS)))


@st.composite
def deliveries(draw: st.DrawFn, name: str, known: list[Certificate]) -> Delivery:
    """A delivery at the plant, with or without a certificate."""
    source = draw(st.none() | st.sampled_from(known))
    return replace(
        DELIVERY,
        id=name,
        certificate=None if source is None else source.id,
        sender=OTSU.id if source is None else source.seller,
        fuel_class=draw(st.none() | CLASSES),
        quantity=draw(quantities()) if source is None else Quantity(draw(AMOUNTS), source.quantity.unit),
        date=draw(DAYS) + timedelta(2),
    )


@st.composite
def books(draw: st.DrawFn) -> Casebook:
    """Some felling certificates, some processing certificates over them and over each other, some deliveries."""
    known = [draw(fellings(f"f-{i}")) for i in range(draw(st.integers(1, 3)))]
    names = [f"p-{i}" for i in range(draw(st.integers(0, 4)))]
    for i, name in enumerate(names):
        known.append(draw(processings(name, known, names[i:])))
    arrived = [draw(deliveries(f"d-{i}", known)) for i in range(draw(st.integers(1, 3)))]
    return replace(clean(), documents=PAPERS, certificates=tuple(known), deliveries=tuple(arrived))


NO_VOLUME = replace(DOCUMENT, id="free", felling=change_felling(clean(), "doc-1", volume=None).documents[0].felling)
CLEAR_CUT = change_felling(clean(), "doc-1", method=FellingMethod.CLEAR).documents[0]
PAPERS = (NO_VOLUME, replace(CLEAR_CUT, id="clear"), replace(DOCUMENT, id="shared"))


@dataclass(frozen=True, slots=True)
class Chain:
    """A book with its verdict, its records judged, and who draws on whom."""

    book: Casebook
    records: dict[str, Judged]
    verdict: Verdict
    graph: nx.DiGraph[str]

    def ancestors(self, record: str) -> set[str]:
        """Everything that a record draws on, directly or not."""
        return set(nx.descendants(self.graph, record)) & set(self.records)

    def inputs(self, record: str) -> list[str]:
        """What a record draws on directly, once per draw."""
        value = self.records[record].entry.value
        if isinstance(value, Certificate):
            return [draw.certificate for draw in value.draws]
        return [value.certificate] if value.certificate is not None else []


def chain_of(book: Casebook) -> Chain:
    """The book judged."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for certificate in book.certificates:
        graph.add_node(certificate.id)
        graph.add_edges_from((certificate.id, draw.certificate) for draw in certificate.draws)
    for delivery in book.deliveries:
        graph.add_node(delivery.id)
        if delivery.certificate is not None:
            graph.add_edge(delivery.id, delivery.certificate)
    return Chain(book, dict(judged(book)), verdict_of(book), graph)


def chains() -> SearchStrategy[Chain]:
    """Random books, judged."""
    return books().map(chain_of)


def better(composition: Composition, than: FuelClass) -> int:
    """Grams of a composition in this class or a higher one."""
    return sum(grams for fuel_class, grams in composition.grams.items() if fuel_class.rank <= than.rank)


@settings(slowly, max_examples=100)
@given(chains())
def test_every_gram_of_every_record_has_one_class(chain: Chain) -> None:
    for record in chain.records.values():
        grams = NOMINAL_GRAMS if record.grams is None else record.grams
        assert record.composition.total == grams
        assert all(weight >= 0 for weight in record.composition.grams.values())
        shares = [weight for _, weight in record.shares]
        if shares and None not in shares:
            assert sum(weight or 0 for weight in shares) == grams


@settings(slowly, max_examples=100)
@given(chains())
def test_a_lots_classes_and_sources_add_up_to_the_lot(chain: Chain) -> None:
    for lot in chain.verdict.lots:
        if lot.dry_grams is None or lot.by_class is None:
            assert lot.by_class is None
            continue
        assert sum(lot.by_class.values()) == lot.dry_grams
        whole = kilograms_by_class(lot.by_class)
        assert whole is not None
        assert sum(whole.values()) == kilograms(lot.dry_grams)
        circular = not nx.is_directed_acyclic_graph(chain.graph.subgraph({lot.id, *chain.ancestors(lot.id)}))
        told = all(grams is not None for _, grams in lot.sources)
        if not circular and told and (chain.inputs(lot.id) or lot.id[0] != "d"):
            assert sum(grams or 0 for _, grams in lot.sources) == lot.dry_grams


@settings(slowly, max_examples=100)
@given(chains())
def test_no_class_rises_above_what_was_declared(chain: Chain) -> None:
    for record in chain.records.values():
        present = [fuel_class for fuel_class, grams in record.composition.grams.items() if grams]
        assert all(fuel_class.rank >= record.fuel_class.rank for fuel_class in present)
        assert record.composition.lowest.rank >= max((c.rank for c in present), default=0)


@settings(slowly, max_examples=100)
@given(chains())
def test_no_class_rises_above_what_came_in(chain: Chain) -> None:
    for name, record in chain.records.items():
        sources = [chain.records[source].composition for source, _ in record.shares]
        for fuel_class in FuelClass:
            most = _most_of(fuel_class, sources, [grams for _, grams in record.shares])
            if most is not None and record.shares and fuel_class is not WASTE:
                assert better(record.composition, fuel_class) <= most
        if chain.inputs(name):
            worst = max(chain.records[source].composition.lowest.rank for source in chain.inputs(name))
            assert record.composition.lowest.rank >= (worst if _all_earlier(chain, name) else 0)


def _most_of(fuel_class: FuelClass, sources: list[Composition], shares: list[int | None]) -> int | None:
    """The most grams of a class or better that can have come in; None where shares cannot be told."""
    if None in shares:
        return None
    return sum(
        better(source, fuel_class) * (grams or 0) // source.total + 2 if source.total else (grams or 0)
        for source, grams in zip(sources, shares, strict=True)
    )


def _all_earlier(chain: Chain, record: str) -> bool:
    order = list(chain.records)
    return all(order.index(source) < order.index(record) for source in chain.inputs(record))


@settings(slowly, max_examples=100)
@given(chains())
def test_a_lot_is_never_better_than_its_worst_source(chain: Chain) -> None:
    for lot in chain.verdict.lots:
        for source in chain.ancestors(lot.id):
            assert lot.confirmed.rank >= chain.records[source].composition.lowest.rank


PER_DRY_GRAM = {Unit.T: (1, 3), Unit.M3: (2, 4), Unit.M3_LOOSE: (5, 13), Unit.M3_STACKED: (2, 20)}
"""Base units for a bone-dry gram, about."""


@st.composite
def hops(draw: st.DrawFn) -> Casebook:
    """Sound logs, and certificates over all of what came before, in any unit, each with something added or nothing."""
    free: dict[str, Any] = {"documents": ("free",), "buyer": OTSU.id}
    logs = (m3(50), Quantity(40_000_000, Unit.T, 5_000), Quantity(20_000_000, Unit.T))
    felled = [
        replace(FELLING, id=f"f-{i}", quantity=draw(st.sampled_from(logs)), **free)
        for i in range(draw(st.integers(1, 2)))
    ]
    dry = int(sum(most_bone_dry(c.quantity, WoodGroup.SOFTWOOD, RINYA_2012) for c in felled))
    known, before = felled, felled
    for i in range(draw(st.integers(1, 6))):
        sources = tuple(Draw(c.id, c.quantity) for c in before)
        alike = all(d.quantity.same_measure(sources[0].quantity) for d in sources)
        if alike and draw(st.booleans()):
            amount = sum(d.quantity.amount for d in sources) * draw(st.integers(99, 104)) // 100
            quantity = replace(sources[0].quantity, amount=amount)
        else:
            unit = draw(st.sampled_from(tuple(PER_DRY_GRAM)))
            amount = dry * draw(st.integers(*PER_DRY_GRAM[unit]))
            quantity = Quantity(amount, unit, draw(st.none() | st.sampled_from((0, 5_000))) if unit.is_mass else None)
        process = draw(st.sampled_from((Process.CHIPPING, Process.CHIPPING, Process.TRADING)))
        made = replace(PROCESSING, id=f"p-{i}", buyer=OTSU.id, quantity=quantity, draws=sources, process=process)
        known, before = [*known, made], [made]
    weighed = Quantity(dry * draw(st.integers(98, 130)) // 100, Unit.T, 0)
    gate = replace(PROCESSING, id="gate", quantity=weighed, draws=(Draw(before[0].id, before[0].quantity),))
    arrived = replace(DELIVERY, certificate="gate", quantity=weighed)
    return replace(clean(), documents=PAPERS, certificates=(*known, gate), deliveries=(arrived,))


@settings(slowly, max_examples=200)
@given(hops())
def test_what_is_confirmed_is_no_more_than_was_felled_and_one_tolerance(book: Casebook) -> None:
    felled = [c for c in book.certificates if c.form.is_felling]
    most = sum(most_bone_dry(c.quantity, WoodGroup.SOFTWOOD, RINYA_2012) for c in felled)
    lot = lot_of(book)
    if lot.confirmed is FuelClass.THINNED:
        assert lot.dry_grams is not None
        assert lot.dry_grams <= most * (1 + RINYA_2012.balance_tolerance)


@settings(slowly, max_examples=100)
@given(chains())
def test_a_lot_answers_for_everything_it_rests_on(chain: Chain) -> None:
    for lot in chain.verdict.lots:
        assert set(lot.records) == {lot.id, *chain.ancestors(lot.id)}


@settings(slowly, max_examples=100)
@given(chains())
def test_a_lot_below_its_declared_class_says_why(chain: Chain) -> None:
    for lot in chain.verdict.lots:
        if lot.declared in PROVABLE and lot.confirmed is not lot.declared:
            assert not lot.clean


def used_by(chain: Chain, source: Certificate, records: list[str]) -> int:
    """What some records take of a certificate, in its own unit."""
    taken = 0
    for name in records:
        value = chain.records[name].entry.value
        if isinstance(value, Certificate):
            uses = [d.quantity for d in value.draws if d.certificate == source.id]
        else:
            uses = [value.quantity] if value.certificate == source.id else []
        taken += sum(use.amount for use in uses if use.same_measure(source.quantity))
    return taken


@settings(slowly, max_examples=100)
@given(chains())
def test_clean_records_never_use_more_of_a_certificate_than_it_covers(chain: Chain) -> None:
    sound = [
        name
        for name, record in chain.records.items()
        if record.fuel_class in PROVABLE and all(f.is_notice for f in record.findings)
    ]
    drawn = [name for name in sound if name[0] != "d"]
    for source in chain.book.certificates:
        assert used_by(chain, source, drawn) <= source.quantity.amount
        assert used_by(chain, source, sound) * 100 <= source.quantity.amount * 105


@settings(slowly, max_examples=100)
@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter_on_different_days(book: Casebook, random: Any) -> None:
    entries = [*book.certificates]
    days = {c.id: DOCUMENT.accepted or c.date for c in entries}
    spread = [replace(c, date=days[c.id] + timedelta(50 + i)) for i, c in enumerate(entries)]
    arrived = [replace(d, date=date(2016, 1, 1) + timedelta(i)) for i, d in enumerate(book.deliveries)]
    ordered = replace(book, certificates=tuple(spread), deliveries=tuple(arrived))
    random.shuffle(spread)
    random.shuffle(arrived)
    assert verdict_of(replace(book, certificates=tuple(spread), deliveries=tuple(arrived))) == verdict_of(ordered)


@settings(slowly, max_examples=100)
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_split_loses_nothing_and_stays_within_one_unit(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True) if whole)


@settings(slowly, max_examples=50)
@given(casebooks())
def test_any_casebook_gets_a_verdict(book: Casebook) -> None:
    verdict = verdict_of(book)
    assert json.dumps([verdict_data(verdict, "any", lang) for lang in ("ja", "en")])


# leaving something out

STORIES: dict[str, Callable[[], Casebook]] = {
    "thinning": clean,
    "general": general,
    "protection": protection,
    "plan": plan,
    "national": national,
    "residues": residues,
    "logs": logs_direct,
    "homestead": homestead,
}
ALWAYS_HARMLESS = (
    # papers are found by them, or they are shown and not judged
    *(r".*: number", r".*: permit\.number", r".*: time", r".*: vehicle", r".*: country", r".*: process"),
    *(r"doc-.: filed", r"doc-.: issuer", r"doc-.: felling\.(area|species)"),
    # what one side omits does not distinguish; fewer places are still inside
    *(r".*: locations\[\]\.(prefecture|municipality|aza)", r"f-.: locations\[\]\.parcels\[.*\]"),
    # without them a rule is not checked, and the catalogue says that this changes nothing
    *(r"doc-.: accepted", r"doc-.: valid.*", r"doc-.: felling\.(start|until|volume)", r"f-.: felled.*"),
    *(r".*: species.*", r".*: quantity\.moisture"),
    # a default, or stated on the certificate that came with it
    *(r"f-.: origins", r"p-.: origins", r"d-.: goods", r"[fp]-.: goods", r"party: accreditations\[\]\.until"),
    # no rule asks the later stages for it
    r"p-.: statements\[all_of_class\]",
)
HARMLESS_IN = {
    "general": r"doc-1: felling(\.method|\.rate)?|f-1: statements\[segregated\]",
    "protection": r"doc-1: felling(\.method|\.rate)?",
    "plan": r"doc-1: felling(\.method|\.rate)?",
    "national": r"doc-1: felling(\.method|\.rate)?|f-1: statements\[segregated\]",
    "residues": r"doc-2: felling.*|f-2: statements\[segregated\]",
    "homestead": r"f-1: statements\[(no_construction_waste|lawful)\]|f-1: locations\[\]\.(oaza|parcels.*)",
}


def omissions(value: Any) -> Iterator[tuple[str, Any]]:
    """Every way to leave one thing out of a value, each with the name of what was left out."""
    for field in fields(value):
        now = getattr(value, field.name)
        if field.default is not MISSING and now != field.default and not isinstance(now, bool):
            yield field.name, replace(value, **{field.name: field.default})
        for name, smaller in _parts_left_out(now):
            yield f"{field.name}{name}", replace(value, **{field.name: smaller})


def _parts_left_out(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        for i, item in enumerate(value):
            shown = item if isinstance(item, str) else ""
            if len(value) > 1:
                yield f"[{shown}]", value[:i] + value[i + 1 :]
            for name, smaller in _parts_left_out(item):
                yield f"[{shown}]{name}", (*value[:i], smaller, *value[i + 1 :])
    elif is_dataclass(value):
        yield from ((f".{name}", smaller) for name, smaller in omissions(value))


def left_out(book: Casebook) -> Iterator[tuple[str, Casebook]]:
    """Every way to leave one thing out of the papers of a story, or out of an issuer's accreditation."""
    entries: tuple[Any, ...] = (*book.documents, *book.certificates, *book.deliveries)
    for entry in entries:
        if not isinstance(entry, Delivery):
            yield entry.id, remove(book, entry.id)
        for name, smaller in omissions(entry):
            yield f"{entry.id}: {name}", with_entry(book, smaller)
    sellers = {certificate.seller for certificate in book.certificates}
    for issuer in (party for party in book.parties if party.id in sellers):
        for name, smaller in omissions(issuer):
            yield f"party: {name}", with_entry(book, smaller)


def with_entry(book: Casebook, entry: Any) -> Casebook:
    """The book with one entry in the place of its namesake."""
    return change(book, entry.id, **{field.name: getattr(entry, field.name) for field in fields(entry)})


def is_harmless(story: str, name: str) -> bool:
    """Whether the catalogue lets a lot stay clean without this."""
    patterns = [*ALWAYS_HARMLESS, HARMLESS_IN.get(story, "(?!)")]
    return any(re.fullmatch(pattern, name) for pattern in patterns)


OMISSIONS = [(story, name, book) for story, make in STORIES.items() for name, book in left_out(make())]
NEEDED = [(story, name, book) for story, name, book in OMISSIONS if not is_harmless(story, name)]


@cache
def story_lot(story: str) -> LotVerdict:
    """The verdict on a whole story's lot."""
    return lot_of(STORIES[story]())


@pytest.mark.parametrize("story", STORIES)
def test_a_whole_story_is_clean(story: str) -> None:
    assert story_lot(story).clean
    assert story_lot(story).confirmed is story_lot(story).declared


@pytest.mark.parametrize(("story", "name", "book"), OMISSIONS, ids=[f"{row[0]} {row[1]}" for row in OMISSIONS])
def test_leaving_something_out_never_improves_a_verdict(story: str, name: str, book: Casebook) -> None:
    lot = lot_of(book)
    assert lot.confirmed.rank >= story_lot(story).confirmed.rank, name
    assert sum(lot.by_class.values() if lot.by_class else ()) == (lot.dry_grams or 0)


@pytest.mark.parametrize(("story", "name", "book"), NEEDED, ids=[f"{row[0]} {row[1]}" for row in NEEDED])
def test_leaving_out_what_a_proof_rule_needs_leaves_nothing_confirmed(story: str, name: str, book: Casebook) -> None:
    lot = lot_of(book)
    confirmed = lot.clean and lot.status is Status.COMPLETE and lot.confirmed is story_lot(story).declared
    assert not confirmed, name


SPOILED = {
    "rate over 35 %": change_felling(clean(), "doc-1", rate=5_000),
    "no places": change(clean(), "f-1", locations=()),
    "private contract": change(clean(), "doc-1", kind=DocumentKind.PRIVATE_CONTRACT),
    "stranger's delivery": change(clean(), "d-1", sender=HEIWA.id),
    "other office": change(national(), "doc-1", forest_office="木曽森林管理署"),
    "unknown number": change(clean(), "p-1", accreditation_number="長木-999"),
    "general logs": change(general(), "p-1", form=Form.F2_1, fuel_class=FuelClass.THINNED),
    "residues": change(clean(), "p-1", form=Form.F2_3, statements=(*BOTH, Statement.LOGS_ALL_THINNED_OR_GENERAL)),
}
SILENCED = [(why, name, less) for why, book in SPOILED.items() for name, less in left_out(book)]


@pytest.mark.parametrize(("why", "name", "book"), SILENCED, ids=[f"{row[0]}, {row[1]}" for row in SILENCED])
def test_leaving_something_out_of_a_spoiled_story_never_makes_it_clean(why: str, name: str, book: Casebook) -> None:
    lot = lot_of(book)
    assert not (lot.clean and lot.confirmed is FuelClass.THINNED), f"{why}, without {name}"
