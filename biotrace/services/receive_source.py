"""From what somebody hands over, a paper, a QR code or the name of a record, to the certificate that arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from biotrace.chain.record import Record
from biotrace.documents.workbook.cells import form
from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.sheet_received import RECEIVED
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same

from .find import choose_party, find_lot
from .gate import known_trust
from .logged import Logged
from .papers_cited import Papers, papers
from .scan import Scanned, judge_record
from .scan_codes import Files, records_in
from .workbook_compare import differences, told
from .workbook_document import document_of, effective
from .workbook_ledger import Known, certificate_of
from .workbook_received import certificate_from
from .workbook_values import NOBODY, certificate_values

NO_PAPERS = Papers((), (), {}, {})
_OF_SIGNATURE = ("S101", "S102")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A certificate that the ledger holds, of its own log or another: its name, number, or record id."""

    text: str


@dataclass(frozen=True, slots=True)
class Coded:
    """Files, or the text, of a certificate's QR codes. ``values``: of the document that came with it, if anything."""

    files: Files
    values: Values = field(default_factory=dict)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A certificate as a row of the sheet 入荷 states it: ``values`` by the identifiers of its columns.

    ``documents``: those of the ledger that it rests on; ``draws``: certificates of the ledger, and how much of each.
    """

    values: Values
    documents: tuple[str, ...] = ()
    draws: tuple[tuple[str, Quantity], ...] = ()


Source = Recorded | Coded | OnPaper


@dataclass(frozen=True, slots=True)
class Found:
    """The certificate that arrived. ``held``: its record, where the ledger has it; else it is to be transcribed.

    ``subject``: what the ledger calls it, or will. ``names``: of parties, as its record gives them. ``envelope``: the
    signed record that it was read from, of which the SHA-256 is its record id. ``forged``: a key that is known did not
    sign it, or is another party's. ``copy``: our transcription of the QR code of ``held``, which that makes needless.
    """

    certificate: Certificate
    held: Logged | None
    subject: str
    papers: Papers = NO_PAPERS
    names: Mapping[str, str] = field(default_factory=dict)
    scanned: Scanned | None = None
    envelope: bytes | None = None
    note: Text | None = None
    forged: bool = False
    copy: Logged | None = None


def read_source(source: Source, known: Known, today: date) -> Found:
    """The certificate. Raises UsageError for what is none or is in the ledger otherwise, and as ``records_in`` does."""
    if isinstance(source, Recorded):
        return _recorded(source.text, known)
    return _coded(source, known, today) if isinstance(source, Coded) else _on_paper(source, known)


def _recorded(text: str, known: Known) -> Found:
    entry = find_lot(known.reading, text)
    if isinstance(entry.record.body, Delivery):
        raise UsageError(
            Text(f"「{text}」は納入の記録です", f"{text} is a delivery"),
            Text("証明書を指定してください", "name a certificate"),
        )
    return _held(entry, known)


def _held(entry: Logged, known: Known) -> Found:
    record = entry.record
    copy = _transcription_of(record.record_id, known)
    return Found(certificate_of(entry), entry, record.subject, names=dict(record.names), copy=copy)


def _coded(source: Coded, known: Known, today: date) -> Found:
    records = [r for r in records_in(source.files) if isinstance(r.body, Certificate)]
    if len(records) != 1:
        raise UsageError(
            Text(f"証明書が {len(records)} 件読めました", f"it shows {len(records)} certificates"),
            Text("証明書1件のQRコードを渡してください", "give the code of one certificate"),
            code="not-one",
        )
    record, trust = records[0], known_trust(known.reading)
    scanned = judge_record(record, today, trust, None)
    forged = record.kid in trust.keys and any(f.code in _OF_SIGNATURE for f in scanned.findings)
    held = known.by_record.get(record.record_id.hex())
    if held is not None:
        return replace(_held(held, known), scanned=scanned, forged=forged)
    if (copy := _transcription_of(record.record_id, known)) is not None:
        return Found(certificate_of(copy), copy, copy.record.subject, names=dict(record.names), scanned=scanned)
    if not forged:
        _require_no_other(record, known)
    return replace(_transcribed(record, source, known, scanned), forged=forged)


def _transcription_of(record_id: bytes, known: Known) -> Logged | None:
    """Our transcription of a signed record: it names it as its file."""
    for entry in known.by_record.values():
        body, record = entry.record.body, entry.record
        ours = record.transcribed and record.issuer == known.own
        if ours and isinstance(body, Certificate) and any(file.sha256 == record_id for file in body.files):
            return entry
    return None


def _transcribed(record: Record, source: Coded, known: Known, scanned: Scanned) -> Found:
    """What a QR code alone gives: all that the certificate says, and none of what it rests on unless that is held."""
    body = record.body
    assert isinstance(body, Certificate)
    said = papers(known, source.documents, _document(source.values, str(body.number or body.date)))
    held = tuple(d for d in body.documents if known.document(d) is not None)
    draws = body.draws if all(d.certificate in known.by_record for d in body.draws) else ()
    name = known.free(f"{body.form}/{body.issuer}/{body.number or body.date}")
    cited = tuple(dict.fromkeys((*held, *said.cited)))
    bodies = {d: document for d in held if (document := known.document(d)) is not None}
    certificate = replace(body, id=name, documents=cited, draws=draws, sealed=(), files=())
    missing = len(body.documents) - len(held) + (len(body.draws) - len(draws))
    note = Text(
        f"署名された記録 {record.record_id.hex()[:12]} を転記します。その根拠の記録 {missing} 件は手元にありません"
        "（受け渡しファイルを受け取ると、原本と根拠がそろいます）",
        f"a transcription of the signed record {record.record_id.hex()[:12]}; {missing} records that it rests on are"
        " not at hand (a bundle brings them, and the original)",
    )
    found = replace(said, cited=cited, held={**said.held, **bodies})
    return Found(certificate, None, name, found, dict(record.names), scanned, record.envelope, note)


def _require_no_other(record: Record, known: Known) -> None:
    """Raise UsageError where a paper of that form and number was typed in before: it would count twice."""
    body = record.body
    assert isinstance(body, Certificate)
    numbered = known.numbered.get((body.form, body.issuer, form(body.number))) if body.number is not None else None
    if numbered:
        raise _known_already(numbered[-1])


def _on_paper(source: OnPaper, known: Known) -> Found:
    values = _with_ids(source.values, known)
    issuer, number = str(values.get("issuer") or values["seller"]), values.get("number")
    numbered = known.numbered.get((values["form"], issuer, form(number)), []) if number is not None else []
    for entry in numbered:
        body = certificate_of(entry)
        found = differences(RECEIVED, _of_certificate(values), certificate_values(body, None, None))
        if found:
            raise UsageError(
                Text("前に取り込んだ証明書と違います: ", "it was entered before, and otherwise: ") + told(found),
                Text(
                    f"台帳の記録は {entry.record.record_id.hex()[:12]}。写し間違いなら biotrace cancel・replace で",
                    f"it is record {entry.record.record_id.hex()[:12]}; mend a slip with biotrace cancel or replace",
                ),
                code="other-content",
            )
    if numbered:
        return _held(numbered[-1], known)
    name = f"{values['form']}/{issuer}/{number or values['date']}"
    said = papers(known, source.documents, _document(values, name))
    subject = known.free(name)
    certificate = replace(certificate_from(values, subject, known.own, said.cited), draws=_draws(source.draws, known))
    return Found(certificate, None, subject, said)


def _of_certificate(values: Values) -> Values:
    """What is said of the certificate itself."""
    return {key: value for key, value in values.items() if key in _OF_PAPER}


_OF_PAPER = frozenset(("date", "seller", "class", "quantity", "species", "goods", "vehicle", "area", "origins"))
"""By what a paper entered before is known again."""


def _with_ids(values: Values, known: Known) -> Values:
    """The values with ids of parties for what was typed of their names."""
    found = dict(values)
    for key in ("seller", "buyer", "issuer"):
        if key in found and not (key == "buyer" and found[key] == NOBODY):
            found[key] = choose_party(known.partners.by_id.values(), found[key]).id
    return found


def _document(values: Values, name: str) -> list[Document]:
    if "document_kind" not in values:
        return []
    whole = effective(values)
    number = values.get("document_number") or values.get("permit_number") or name
    return [document_of(whole, f"{whole['document_kind']}/{number}")]


def _draws(draws: tuple[tuple[str, Quantity], ...], known: Known) -> tuple[Draw, ...]:
    found = []
    for text, quantity in draws:
        body = find_lot(known.reading, text).record.body
        if not isinstance(body, Certificate) or not quantity.same_measure(body.quantity):
            raise UsageError(
                Text(f"「{text}」から {quantity} は引き当てられません", f"{quantity} cannot be drawn on {text}"),
                Text(
                    "証明書を、その証明書の単位で指定してください",
                    "name a certificate, with a quantity in its own unit",
                ),
                code="other-unit",
            )
        found.append(Draw(body.id, replace(quantity, unit=body.quantity.unit)))
    return tuple(found)


def _known_already(entry: Logged) -> UsageError:
    name, record = entry.record.subject, entry.record.record_id.hex()[:12]
    return UsageError(
        Text(
            f"同じ様式・番号の証明書「{name}」が台帳にあります（{record}）",
            f"the ledger has a certificate of that form and number: {name} ({record})",
        ),
        same(f"biotrace receive {record} ")
        + Text("で、その証明書の入荷として記録できます", "takes this as its arrival"),
        code="other-content",
    )
