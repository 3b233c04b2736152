"""What a record says, as pairs of words for a person who points at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.labels import label
from biotrace.model.text import Text, join, same
from biotrace.verify.case import Entry, Evidence
from biotrace.verify.rule import Finding, Unchecked

from .lot_check import Seen
from .report_parts import CLASS_NAMES, amount_text
from .trace_start import called

Fact = tuple[Text, Text]
_DIGITS = 12
"""Of an id, where nothing else is known of a record."""
_EVIDENCE = {
    Evidence.SIGNED: Text("発行者の署名", "its issuer's signature"),
    Evidence.TRANSCRIBED: Text("紙から写した人の署名（転記）", "who copied the paper"),
    Evidence.UNSIGNED: Text("なし（署名のない写し）", "nobody: an unsigned copy"),
}


def facts_of(
    entry: Entry,
    seen: Seen,
    findings: Sequence[Finding] = (),
    unchecked: Sequence[Unchecked] = (),
    *,
    documents_read: bool = True,
) -> tuple[Fact, ...]:
    """All fields of a certificate or delivery that people ask for, and what the rules say of it.

    ``documents_read``: whether the documents that it cites were looked for; else none is said not to be at hand.
    """
    value = entry.value
    fields = _delivery(value, seen) if isinstance(value, Delivery) else _certificate(value, seen, documents_read)
    found = [pair for pair in fields if pair[1].ja]
    found.append((Text("証明力", "vouched for"), _EVIDENCE[entry.evidence]))
    found += (said_of(f) for f in findings)
    found += ((same(u.code) + Text("（検査できない）", " (not checked)"), u.reason) for u in unchecked if u.decisive)
    found.append((Text("記録ID", "record id"), same(value.id)))
    return tuple(found)


def party_name(seen: Seen, party: str | None) -> str:
    """A party's name, or its id where it is not known; empty for none."""
    known = None if party is None else seen.case.parties.get(party)
    return (party or "") if known is None else known.name


def document_name(seen: Seen, document: str) -> Text:
    """A document's kind and number; where it is not at hand the beginning of its id."""
    known = seen.case.documents.get(document)
    if known is None:
        return same(document[:_DIGITS]) + Text("（手元にない）", " (not at hand)")
    return label(known.kind) + same(f" {known.number}" if known.number else "")


def record_name(seen: Seen, record: str) -> str:
    """What people call a certificate or delivery; of one that was not read the beginning of its id."""
    known = seen.case.by_id.get(record)
    return seen.subjects.get(record, record[:_DIGITS]) if known is None else called(known, seen.subjects)


def said_of(finding: Finding, on: str = "") -> Fact:
    """A finding and what would mend it. ``on``: the record that it is about, where that is another."""
    about = same(f"{on}: ") if on else same("")
    said = about + finding.message + same(": ") + finding.found
    if finding.remedy.ja == "—":  # of what is only supposed
        return same(finding.code), said
    return same(finding.code), said + Text("。対処: ", "; to mend it: ") + finding.remedy


def _certificate(c: Certificate, seen: Seen, documents_read: bool) -> Iterator[Fact]:
    yield Text("証明書番号", "number"), same(called(c, seen.subjects))
    yield Text("様式", "form"), label(c.form)
    yield Text("区分", "class"), CLASS_NAMES[c.fuel_class]
    yield Text("日付", "date"), same(c.date)
    yield Text("販売者", "seller"), same(party_name(seen, c.seller))
    yield Text("納入先", "buyer"), same(party_name(seen, c.buyer))
    yield Text("認定番号", "accreditation"), same(c.accreditation_number or "")
    yield Text("数量", "quantity"), same(amount_text(c.quantity))
    yield Text("由来", "origin"), join([label(o) for o in c.origins])
    yield Text("伐採場所", "felled at"), same("、".join(map(str, c.locations)))
    yield Text("伐採面積", "felled area"), same("" if c.area is None else f"{c.area / 10_000:,.4f} ha")
    yield Text("樹種", "species"), same("、".join(c.species))
    yield Text("品目", "goods"), same("") if c.goods is None else label(c.goods)
    yield Text("加工", "process"), same("") if c.process is None else label(c.process)
    yield Text("車両", "vehicle"), same(c.vehicle or "")
    known = seen.case.documents
    papers = [document_name(seen, d) if documents_read or d in known else _not_read(d) for d in c.documents]
    yield Text("根拠書類", "rests on"), join(papers)
    if c.draws:
        drawn = (f"{record_name(seen, d.certificate)} {amount_text(d.quantity)}" for d in c.draws)
        yield Text("引き当て", "draws on"), same("、".join(drawn))


def _not_read(document: str) -> Text:
    return same(document[:_DIGITS]) + Text("（この図では読んでいない）", " (not read for this)")


def _delivery(d: Delivery, seen: Seen) -> Iterator[Fact]:
    yield Text("納入", "delivery"), same(seen.subjects.get(d.id, d.id))
    yield Text("日時", "when"), same(f"{d.date} {d.time or ''}".strip())
    yield Text("納入先", "at"), same(party_name(seen, d.at))
    yield Text("納入者", "by"), same(party_name(seen, d.sender))
    yield Text("数量", "quantity"), same(amount_text(d.quantity))
    yield Text("車両", "vehicle"), same(d.vehicle or "")
    yield Text("証明書", "certificate"), same("" if d.certificate is None else record_name(seen, d.certificate))
