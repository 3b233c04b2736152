"""Values of the model for property tests: parties, papers, certificates, and casebooks whose references hold.

Every strategy makes values that a casebook can carry; what records alone carry (private fields, files, what follows
what) ``tests.record_strategies`` adds. Ids come from strategies that the caller may narrow, so that the same ones serve
single records and whole books.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
    Medium,
    Mixed,
    Origin,
    Permit,
    Process,
    Share,
    Statement,
)
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import (
    Document,
    DocumentContent,
    DocumentCopy,
    DocumentKind,
    FellingFacts,
    FellingMethod,
    Period,
)
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Audit, Party, Role
from biotrace.model.place import Concordance, Link, Place
from biotrace.model.quantity import PARTS, Quantity, Unit
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind, WithdrawnTo

T = TypeVar("T")

# fmt: off
TRICKY = (
    # rare characters
    "髙﨑㎥", "𠮷野家", "🌲間伐", "\U0001f468\u200d\U0001f469", "e\u0301",
    "a\u2028b", "\u0085x", "\ufeffx", "\x07", "\x7f", "\ufffe",
    # what YAML takes for something else
    "no", "yes", "on", "Null", "~", "true", "26", "007", "-1", "1e3", "0x1F", "1_000", "35,000", ".5", ".inf", "NaN",
    "2014-01-01", "2014-01-01T00:00:00", "12:30", "08:40", "1:2:3", "<<", "=", "---", "...",
    # white space
    " 先頭に空白", "末尾に空白 ", "　全角空白", "二つ  空白", "二行\n目", "\n先頭改行", "a\r\nb", "tab\there",
    # signs
    "コロン: 値", "末尾コロン:", "# 注", "値 # 注", "'一重'", '"二重"', "\\u0041", "C:\\path", "{a}", "[b]", "a, b",
    "- c", "? d", "&e", "*f", "!g", "|", ">", "%h", "@i", "`j`",
)
# fmt: on


def texts() -> SearchStrategy[str]:
    """Text that says something: ordinary, tricky for YAML or JSON, or any at all but U+0000, which no reader takes."""
    ordinary = st.text("abcz019-_.山林木材スギ", min_size=1, max_size=12)
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
    return (ordinary | st.sampled_from(TRICKY) | anything).filter(lambda text: text.strip() != "")


def days() -> SearchStrategy[date]:
    """A day on which wood may be felled, sold or burned."""
    return st.dates(date(1990, 1, 1), date(2060, 12, 31))


def parts(most: int = PARTS) -> SearchStrategy[int]:
    """A moisture, rate or share in 1/10,000."""
    return st.integers(0, most)


def maybe(strategy: SearchStrategy[T]) -> SearchStrategy[T | None]:
    """A value that papers may lack."""
    return st.none() | strategy


def some(strategy: SearchStrategy[T], least: int = 0, most: int = 2) -> SearchStrategy[tuple[T, ...]]:
    """A short tuple, as the model keeps lists; empty where there is nothing to choose from."""
    if strategy.is_empty and not least:
        return st.just(())
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def from_until(model: type[T], **others: SearchStrategy[Any]) -> SearchStrategy[T]:
    """Values with ``start`` and ``until`` in order; ``others`` are the remaining attributes."""

    def ordered(values: dict[str, Any]) -> T:
        start, until = values["start"], values["until"]
        if start is not None and until is not None and until < start:
            values = {**values, "start": until, "until": start}
        return model(**values)

    dates = {"start": maybe(days()), "until": maybe(days())}
    return st.fixed_dictionaries({**dates, **others}).map(ordered)


def periods() -> SearchStrategy[Period]:
    """A period, open at either end or not."""
    return from_until(Period)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """An amount from one base unit to the most that a casebook takes."""
    unit = draw(st.sampled_from(Unit))
    return Quantity(draw(st.integers(1, 10_000_000 * unit.scale)), unit, draw(maybe(parts(PARTS - 1))))


def places() -> SearchStrategy[Place]:
    """A location as a paper may name it."""
    return st.builds(
        Place,
        prefecture=maybe(texts()),
        municipality=maybe(texts()),
        oaza=maybe(texts()),
        aza=maybe(texts()),
        parcels=some(texts()),
        compartments=some(texts()),
        landing=maybe(texts()),
        annex=st.booleans(),
    )


def accreditations(bodies: SearchStrategy[str] | None = None) -> SearchStrategy[Accreditation]:
    """An accreditation; ``bodies``: ids of parties that may have given it."""
    audits = from_until(Audit, by=texts(), start=days())
    return from_until(
        Accreditation,
        start=days(),
        number=maybe(texts()),
        body=maybe(texts() if bodies is None else bodies),
        revoked=maybe(days()),
        renewal_requested=maybe(days()),
        inspected=some(days()),
        self_declared=st.booleans(),
        third_party_audit=maybe(audits),
    )


def parties(ids: SearchStrategy[str] | None = None, bodies: SearchStrategy[str] | None = None) -> SearchStrategy[Party]:
    """A party; ``bodies``: ids of parties that may have accredited it."""
    return st.builds(
        Party,
        id=texts() if ids is None else ids,
        name=texts(),
        roles=some(st.sampled_from(Role), least=1),
        as_business=st.booleans(),
        address=maybe(texts()),
        accreditations=some(accreditations(bodies)),
        code_from=maybe(days()),
    )


def felling_facts() -> SearchStrategy[FellingFacts]:
    """What a document allows to be felled."""
    return from_until(
        FellingFacts,
        method=maybe(st.sampled_from(FellingMethod)),
        rate=maybe(parts()),
        age=maybe(st.integers(0, 300)),
        area=maybe(st.integers(0, 10**9)),
        volume=maybe(st.integers(0, 10**11)),
        species=some(texts()),
        canopy_closed_before=maybe(st.booleans()),
        closes_again_in_years=maybe(st.integers(0, 50)),
    )


def documents(ids: SearchStrategy[str] | None = None) -> SearchStrategy[Document]:
    """A supporting document."""
    return st.builds(
        Document,
        id=texts() if ids is None else ids,
        kind=st.sampled_from(DocumentKind),
        number=maybe(texts()),
        filed=maybe(days()),
        accepted=maybe(days()),
        issuer=maybe(texts()),
        forest_office=maybe(texts()),
        applicant=maybe(texts()),
        locations=some(places()),
        felling=maybe(felling_facts()),
        valid=maybe(periods()),
        remains_forest=maybe(st.booleans()),
        content=st.sampled_from(DocumentContent),
        copy=st.sampled_from(DocumentCopy),
    )


@st.composite
def shares(draw: st.DrawFn) -> tuple[Share, ...]:
    """Shares of different classes that add up to 1."""
    classes = draw(st.lists(st.sampled_from(FuelClass), min_size=1, unique=True))
    cuts = sorted(draw(st.lists(parts(), min_size=len(classes) - 1, max_size=len(classes) - 1)))
    return tuple(Share(c, b - a) for c, a, b in zip(classes, (0, *cuts), (*cuts, PARTS), strict=True))


def certificates(
    ids: SearchStrategy[str] | None = None,
    party_ids: SearchStrategy[str] | None = None,
    document_ids: SearchStrategy[str] | None = None,
    certificate_ids: SearchStrategy[str] | None = None,
) -> SearchStrategy[Certificate]:
    """A certificate of any form; the last three give the ids that it may refer to."""
    a_party = texts() if party_ids is None else party_ids
    draws = st.builds(Draw, certificate=texts() if certificate_ids is None else certificate_ids, quantity=quantities())
    return st.builds(
        Certificate,
        id=texts() if ids is None else ids,
        form=st.sampled_from(Form),
        fuel_class=st.sampled_from(FuelClass),
        date=days(),
        seller=a_party,
        quantity=quantities(),
        buyer=maybe(a_party),
        issuer_party=maybe(a_party),
        medium=st.sampled_from(Medium),
        origins=some(st.sampled_from(Origin)),
        includes_weeding=st.booleans(),
        number=maybe(texts()),
        accreditation_number=maybe(texts()),
        permit=maybe(st.builds(Permit, date=maybe(days()), issuer=maybe(texts()), number=maybe(texts()))),
        forest_office=maybe(texts()),
        locations=some(places()),
        country=maybe(texts()),
        area=maybe(st.integers(0, 10**9)),
        species=some(texts()),
        felled=maybe(periods()),
        documents=some(texts() if document_ids is None else document_ids),
        statements=some(st.sampled_from(Statement)),
        vehicle=maybe(texts()),
        goods=maybe(st.sampled_from(Goods)),
        draws=some(draws),
        process=maybe(st.sampled_from(Process)),
        mixed=maybe(st.builds(Mixed, plant=a_party, shares=shares())),
        from_site=maybe(texts()),
        to_site=maybe(texts()),
    )


def deliveries(
    ids: SearchStrategy[str] | None = None,
    party_ids: SearchStrategy[str] | None = None,
    certificate_ids: SearchStrategy[str] | None = None,
) -> SearchStrategy[Delivery]:
    """An arrival at a gate."""
    a_party = texts() if party_ids is None else party_ids
    return st.builds(
        Delivery,
        id=texts() if ids is None else ids,
        at=a_party,
        date=days(),
        quantity=quantities(),
        time=maybe(st.times().map(lambda t: f"{t:%H:%M}")),
        sender=maybe(a_party),
        certificate=maybe(texts() if certificate_ids is None else certificate_ids),
        fuel_class=maybe(st.sampled_from(FuelClass)),
        goods=maybe(st.sampled_from(Goods)),
        vehicle=maybe(texts()),
    )


def concordances(ids: SearchStrategy[str] | None = None) -> SearchStrategy[Concordance]:
    """A table of compartments and parcels."""
    return st.builds(
        Concordance,
        id=texts() if ids is None else ids,
        vouched_by=texts(),
        date=days(),
        pairs=some(st.builds(Link, compartment=texts(), parcels=some(texts(), least=1)), least=1),
        prefecture=maybe(texts()),
        municipality=maybe(texts()),
        oaza=maybe(texts()),
        aza=maybe(texts()),
    )


def corrections(certificate_ids: SearchStrategy[str] | None = None) -> SearchStrategy[Correction]:
    """What was said later about a certificate."""
    a_certificate = texts() if certificate_ids is None else certificate_ids
    return st.builds(
        Correction,
        certificate=a_certificate,
        action=st.sampled_from(Action),
        date=days(),
        reason=maybe(texts()),
        by=maybe(a_certificate),
    )


def sites(ids: SearchStrategy[str] | None = None, party_ids: SearchStrategy[str] | None = None) -> SearchStrategy[Site]:
    """A yard."""
    return st.builds(
        Site,
        id=texts() if ids is None else ids,
        party=texts() if party_ids is None else party_ids,
        fuel_class=maybe(st.sampled_from(FuelClass)),
    )


def stock_entries(site_ids: SearchStrategy[str] | None = None) -> SearchStrategy[StockEntry]:
    """A line about a yard's stock."""
    return st.builds(
        StockEntry,
        site=texts() if site_ids is None else site_ids,
        date=days(),
        fuel_class=st.sampled_from(FuelClass),
        quantity=quantities(),
        kind=st.sampled_from(StockKind),
        to=maybe(st.sampled_from(WithdrawnTo)),
    )


def consumptions(party_ids: SearchStrategy[str] | None = None) -> SearchStrategy[Consumption]:
    """What a plant burned in a month."""
    return st.builds(
        Consumption,
        plant=texts() if party_ids is None else party_ids,
        month=days().map(lambda day: day.replace(day=1)),
        fuel_class=st.sampled_from(FuelClass),
        quantity=quantities(),
        ratio=maybe(parts()),
    )


def plans(party_ids: SearchStrategy[str] | None = None) -> SearchStrategy[Plan]:
    """What a plant planned to burn in a year."""
    return st.builds(
        Plan,
        plant=texts() if party_ids is None else party_ids,
        year=st.integers(2012, 2060),
        fuel_class=st.sampled_from(FuelClass),
        quantity=quantities(),
    )


def _one_of(ids: list[str]) -> SearchStrategy[str]:
    return st.sampled_from(ids) if ids else st.nothing()


def file_names() -> SearchStrategy[tuple[str, ...]]:
    """What an entry of a casebook names as its files."""
    part = st.text("abc019 　伐採届._-'\"[]{}#&*!|>%@,", min_size=1, max_size=8).filter(
        lambda text: bool(text.strip()) and text not in (".", "..")
    )
    name = st.lists(part, min_size=1, max_size=3).map("/".join)
    return st.lists(name, min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def casebooks(draw: st.DrawFn) -> Casebook:
    """A casebook whose ids are unique and whose references all lead somewhere."""
    sections = ("parties", "documents", "certificates", "deliveries", "concordances", "sites")
    ids: dict[str, list[str]] = {section: [] for section in sections}
    for name in draw(st.lists(texts(), unique=True, max_size=6)):
        ids[draw(st.sampled_from(sections)) if ids["parties"] else "parties"].append(name)
    a_party, a_certificate = _one_of(ids["parties"]), _one_of(ids["certificates"])
    a_document, a_site = _one_of(ids["documents"]), _one_of(ids["sites"])

    def few(strategy: SearchStrategy[T], references: SearchStrategy[str]) -> tuple[T, ...]:
        return () if references.is_empty else draw(some(strategy))

    def each(section: str, make: Any, *references: SearchStrategy[str]) -> Any:
        return tuple(draw(make(st.just(name), *references)) for name in ids[section])

    with_files = [*ids["documents"], *ids["certificates"]]
    return Casebook(
        title=draw(maybe(texts())),
        trusted_bodies=draw(maybe(some(a_party))),
        parties=each("parties", parties, a_party),
        documents=each("documents", documents),
        certificates=each("certificates", certificates, a_party, a_document, a_certificate),
        deliveries=each("deliveries", deliveries, a_party, a_certificate),
        concordances=each("concordances", concordances),
        corrections=few(corrections(a_certificate), a_certificate),
        sites=each("sites", sites, a_party),
        stock=few(stock_entries(a_site), a_site),
        consumption=few(consumptions(a_party), a_party),
        plans=few(plans(a_party), a_party),
        files={name: draw(file_names()) for name in with_files if draw(st.booleans())},
    )
