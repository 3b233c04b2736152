"""Whatever was drawn, delivered, replaced and supplemented: what the database finds downstream is what a look at every
record finds."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain.record import Record
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.store.downstream import certificates_bought_by, certificates_sold_by, citing_certificates, downstream
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder, m3

PARTIES = ("kousei", "otsu", "plant-8")


@st.composite
def chains(draw: st.DrawFn) -> ChainBuilder:
    """Documents, certificates on documents and on one another, deliveries and corrections, in any order."""
    chain, made = ChainBuilder(), {"document": ["p"], "certificate": ["c"]}
    chain.document("p", number="1")
    chain.felling("c", ("p",), number="c")
    for i in range(draw(st.integers(0, 25))):
        what = draw(st.sampled_from(("document", "certificate", "certificate", "delivery", "correction")))
        name = f"{what}-{i}"
        if what == "document":
            chain.document(name, number=name)
        elif what == "certificate":
            _certificate(draw, chain, name, made)
        elif what == "delivery":
            chain.delivery(name, draw(st.sampled_from(made["certificate"])))
        else:
            _correction(draw, chain, name, made["certificate"])
        made.setdefault(what, []).append(name)
    return chain


def _certificate(draw: st.DrawFn, chain: ChainBuilder, name: str, made: dict[str, list[str]]) -> None:
    documents = draw(st.lists(st.sampled_from(made["document"]), unique=True, max_size=2))
    sources = draw(st.lists(st.sampled_from(made["certificate"]), unique=True, max_size=3))
    draws = tuple(Draw(chain[source].record_id.hex(), m3(1)) for source in sources)
    buyer = draw(st.sampled_from((*PARTIES, None)))
    chain.felling(name, tuple(documents), number=name, draws=draws, seller=draw(st.sampled_from(PARTIES)), buyer=buyer)


def _correction(draw: st.DrawFn, chain: ChainBuilder, name: str, certificates: list[str]) -> None:
    of = draw(st.sampled_from(certificates))
    action = draw(st.sampled_from((Action.CANCEL, Action.HOLD, Action.REPLACE, Action.SUPPLEMENT)))
    others = [other for other in certificates if other != of]
    if action in (Action.CANCEL, Action.HOLD) or not others:
        chain.correction(name, of, Action.HOLD)
    else:
        chain.correction(name, of, action, by=draw(st.sampled_from(others)))


def resting_on(records: list[Record], starts: set[str]) -> set[str]:
    """Ids of all that rests on some records, by looking at all of them again and again."""
    found = set(starts)
    while not (more := {r.record_id.hex() for r in records if _rests(r, found)} | _put(records, found)) <= found:
        found |= more
    return found


def _rests(record: Record, found: set[str]) -> bool:
    body = record.body
    if isinstance(body, Certificate):
        return not found.isdisjoint({*body.documents, *(draw.certificate for draw in body.draws)})
    if isinstance(body, Delivery):
        return body.certificate in found
    return isinstance(body, Correction) and not found.isdisjoint({body.certificate, body.by, body.follows})


def _put(records: list[Record], found: set[str]) -> set[str]:
    """The other certificate of each correction that was found, where it stands for, or beside, that one."""
    put: set[str] = set()
    for record in records:
        body = record.body
        if isinstance(body, Correction) and body.by is not None and record.record_id.hex() in found:
            put |= {body.by, body.certificate} if body.action is Action.SUPPLEMENT else {body.by}
    return put


@settings(max_examples=60, deadline=None)
@given(chains(), st.data())
def test_the_database_finds_what_a_look_at_every_record_finds(chain: ChainBuilder, data: st.DataObject) -> None:
    places = {record.record_id.hex(): position for position, record in enumerate(chain.records)}
    lots = [r.record_id.hex() for r in chain.records if isinstance(r.body, Certificate | Document | Delivery)]
    starts = data.draw(st.sets(st.sampled_from(lots), max_size=3))
    papers = [r.record_id.hex() for r in chain.records if isinstance(r.body, Document)]
    documents = data.draw(st.sets(st.sampled_from(papers), max_size=2))
    party = data.draw(st.sampled_from(PARTIES))
    with TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        with ledger.database.reading() as connection:
            found = downstream(connection, [places[start] for start in starts])
            on_documents = citing_certificates(connection, [places[document] for document in documents])
            sold, bought = certificates_sold_by(connection, party), certificates_bought_by(connection, party)
    assert found == {places[record_id] for record_id in resting_on(chain.records, starts)}
    assert on_documents == _on_documents(chain.records, documents, places)
    bodies = enumerate(record.body for record in chain.records)
    certificates = [(position, body) for position, body in bodies if isinstance(body, Certificate)]
    assert sold == [position for position, c in certificates if c.seller == party]
    assert bought == [position for position, c in certificates if c.buyer == party]


def _on_documents(records: list[Record], documents: set[str], places: dict[str, int]) -> list[int]:
    bodies = {r.record_id.hex(): r.body for r in records}
    citing = {i for i, body in bodies.items() if isinstance(body, Certificate) and documents & {*body.documents}}
    supplements = [b for b in bodies.values() if isinstance(b, Correction) and b.action is Action.SUPPLEMENT]
    while more := {b.certificate for b in supplements if b.by in citing} - citing:
        citing |= more
    return sorted(places[i] for i in citing)
