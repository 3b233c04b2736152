"""All that a ledger holds as tables: what the import reads again, and the other records with their ids."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from biotrace.documents.workbook.cells import Value
from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.sheet_book import BOOK, Entry
from biotrace.documents.workbook.sheet_issued import ISSUED
from biotrace.documents.workbook.sheet_parties import PARTIES
from biotrace.documents.workbook.sheet_received import RECEIVED
from biotrace.documents.workbook.sheets import REPORTS
from biotrace.documents.workbook.write_csv import ENCODINGS as CSV_ENCODINGS
from biotrace.documents.workbook.write_csv import csv_files
from biotrace.documents.workbook.write_xlsx import xlsx_bytes
from biotrace.documents.workbook.writing import Heading, Table, table
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.labels import label
from biotrace.model.party import Party
from biotrace.model.stock import StockEntry
from biotrace.model.text import Text, same

from .files import refused_by_system, require_new, write_new
from .ledger_case import Reading, case_of_ledger, read_ledger, require_sound
from .logged import Logged
from .stock import stock_of
from .times import day_of
from .workbook_ledger import Known, certificate_of
from .workbook_values import (
    certificate_values,
    document_values,
    issued_values,
    party_values,
    stock_values,
)
from .workspace import Workspace

__all__ = ["CSV_ENCODINGS", "export_tables", "export_workbook"]

_TEXT, _DAY, _AMOUNT, _ID = "@", "yyyy/mm/dd", "#,##0.######", 20


def export_workbook(
    workspace: Workspace, path: Path, encoding: str | None = None, replacement: str | None = None
) -> list[tuple[str, int]]:
    """Write everything to ``path``: a workbook where it ends in .xlsx, else a folder of csv files.

    ``encoding`` of the csv files: see ``csv_files``. Returns the names of the tables and their rows. Raises UsageError
    where something stands there already, or an encoding lacks a character, and then writes nothing.
    """
    require_new(path)
    as_xlsx = path.suffix.lower() == ".xlsx"
    if path.suffix.lower() == ".csv" or (as_xlsx and (encoding or replacement)):
        raise UsageError(
            same(f"{path}: ") + Text("書き出し先が合いません", "not where this can be written"),
            Text(
                "Excel なら名前を .xlsx で終え、CSV ならフォルダーの名前を指定してください（--encoding は CSV だけ）",
                "end the name in .xlsx for Excel; for csv name a folder (--encoding is for csv only)",
            ),
        )
    tables = export_tables(workspace)
    if as_xlsx:
        write_new(path, xlsx_bytes(tables))
    else:
        _write_folder(path, csv_files(tables, encoding or "utf-8-sig", replacement))
    return [(t.title, len(t.rows)) for t in tables]


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """All files or no folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".biotrace-") as made:
            folder = Path(made) / "tables"
            folder.mkdir()
            for name, data in files.items():
                write_new(folder / name, data)
            folder.replace(path)
    except OSError as error:
        raise refused_by_system(error) from None


def export_tables(workspace: Workspace) -> list[Table]:
    """The tables, those that the import reads first."""
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    known = Known(reading, workspace.party)
    sound = [entry for entry in reading.everything if entry.sound]
    certificates = [entry for entry in sound if isinstance(entry.record.body, Certificate)]
    ours = [entry for entry in certificates if certificate_of(entry).issuer == known.own]
    theirs = [entry for entry in certificates if certificate_of(entry).issuer != known.own]
    return [
        table(PARTIES, _parties(sound, known)),
        table(RECEIVED, (row for entry in theirs for row in _received(entry, known))),
        table(ISSUED, (_issued(entry, known) for entry in ours)),
        table(BOOK, _book(sound, certificates, known)),
        _draws(certificates, reading),
        _deliveries(sound, known),
        _stock(workspace, reading, known),
        _documents(sound, known),
        _corrections(sound, reading),
    ]


def _named(values: Values, known: Known) -> Values:
    """The values with names of parties for their ids."""
    ids = {key: values[key] for key in ("seller", "buyer", "issuer", "body") if values.get(key) is not None}
    return values | {key: known.partners.called(party) for key, party in ids.items()}


def _parties(sound: Sequence[Logged], known: Known) -> Iterator[Values]:
    records = {e.record.subject: e.record.record_id.hex() for e in sound if isinstance(e.record.body, Party)}
    for party in known.partners.by_id.values():
        for held in party.accreditations or (None,):
            yield _named(party_values(party, held), known) | {"record": records.get(party.id)}


def _received(entry: Logged, known: Known) -> Iterator[Values]:
    """A row for each truck that came on the certificate, or one where none is known of."""
    certificate = certificate_of(entry)
    documents = [d for d in map(known.document, certificate.documents) if d is not None]
    first = documents[0] if documents else None
    beside: Values = {"own": entry.record.subject, "record": certificate.id}
    if first is not None and first.locations and first.locations == certificate.locations:
        beside["document_places"] = ("同じ",)
    for delivery in known.deliveries.get(certificate.id) or (None,):
        yield known.with_office(_named(certificate_values(certificate, first, delivery), known)) | beside


def _issued(entry: Logged, known: Known) -> Values:
    certificate = certificate_of(entry)
    return _named(issued_values(certificate), known) | {"record": certificate.id}


def _book(sound: Sequence[Logged], certificates: Sequence[Logged], known: Known) -> list[Values]:
    """What was booked, and what came in and went out by certificates, by date."""
    rows = [
        stock_values(e.record.body) | {"record": e.record.record_id.hex()}
        for e in sound
        if isinstance(e.record.body, StockEntry) and not e.log
    ]
    for entry in certificates:
        c = certificate_of(entry)
        for kind, party, site in ((Entry.IN, c.buyer, c.to_site), (Entry.OUT, c.seller, c.from_site)):
            if party == known.own:
                line = {"entry": kind, "site": site, "class": c.fuel_class, "quantity": c.quantity}
                rows.append({"date": c.date, "line": line, "remark": entry.record.subject, "record": c.id})
    return sorted(rows, key=lambda row: row["date"])


def _table(title: str, columns: Sequence[tuple[str, str, int]], rows: Iterator[tuple[Value, ...]]) -> Table:
    return Table(title, tuple(Heading(text, style, width) for text, style, width in columns), tuple(rows))


def _draws(certificates: Sequence[Logged], reading: Reading) -> Table:
    subjects = reading.subjects()
    columns = (
        ("証明書", _TEXT, 24),
        ("証明日", _DAY, 12),
        ("引き当て元", _TEXT, 24),
        ("数量", _AMOUNT, 12),
        ("単位", _TEXT, 10),
        ("証明書の記録ID", _TEXT, _ID),
        ("引き当て元の記録ID", _TEXT, _ID),
    )
    rows = (
        (
            e.record.subject,
            c.date,
            subjects.get(d.certificate),
            d.quantity.value,
            d.quantity.unit.sign,
            c.id,
            d.certificate,
        )
        for e in certificates
        for c in (certificate_of(e),)
        for d in c.draws
    )
    return _table(REPORTS["draws"], columns, rows)


def _deliveries(sound: Sequence[Logged], known: Known) -> Table:
    columns = (
        ("納入", _TEXT, 24),
        ("納入日", _DAY, 12),
        ("時刻", _TEXT, 8),
        ("納入先", _TEXT, 24),
        ("納入者", _TEXT, 24),
        ("数量", _AMOUNT, 12),
        ("単位", _TEXT, 10),
        ("含水率（%）", "0.##", 12),
        ("車番", _TEXT, 12),
        ("証明書の記録ID", _TEXT, _ID),
        ("記録ID", _TEXT, _ID),
    )
    called = known.partners.called

    def rows() -> Iterator[tuple[Value, ...]]:
        for entry in sound:
            d = entry.record.body
            if isinstance(d, Delivery):
                sender = called(d.sender) if d.sender is not None else None
                wet = None if d.quantity.moisture is None else d.quantity.moisture / 100
                amount: tuple[Value, ...] = (d.quantity.value, d.quantity.unit.sign, wet)
                yield (
                    *(entry.record.subject, d.date, d.time, called(d.at), sender, *amount, d.vehicle),
                    *(d.certificate, entry.record.record_id.hex()),
                )

    return _table(REPORTS["deliveries"], columns, rows())


def _stock(workspace: Workspace, reading: Reading, known: Known) -> Table:
    """What is left of the certificates that we received, as ``issue`` would draw on it today."""
    today = day_of(workspace.clock())
    case = case_of_ledger(reading.logged, today, None, reading.outside)
    subjects = reading.subjects()
    columns = (
        ("証明書", _TEXT, 24),
        ("証明日", _DAY, 12),
        ("区分", _TEXT, 16),
        ("数量", _AMOUNT, 12),
        ("残り", _AMOUNT, 12),
        ("単位", _TEXT, 10),
        ("樹種", _TEXT, 16),
        ("記録ID", _TEXT, _ID),
    )
    rows = (
        (
            subjects[held.closed.certificate],
            held.closed.date,
            held.closed.fuel_class.label.ja,
            held.closed.quantity.value,
            held.quantity_left.value,
            held.closed.quantity.unit.sign,
            "、".join(held.species),
            held.closed.certificate,
        )
        for held in stock_of(case, known.own, today)
    )
    return _table(REPORTS["stock"], columns, rows)


_DOCUMENT = (
    *("document_kind", "document_number", "document_issuer", "document_filed", "document_accepted"),
    *("document_applicant", "document_places", "document_area", "document_volume", "document_species"),
    *("method", "rate", "age", "felling_from", "felling_until", "valid_from", "valid_until", "remains_forest"),
    *("canopy_closed", "closes_in", "content", "copy"),
)


def _documents(sound: Sequence[Logged], known: Known) -> Table:
    """Every document with its facts; a certificate that rests on several shows only the first in 入荷."""
    kinds = [RECEIVED.by_key[key] for key in _DOCUMENT]

    def rows() -> Iterator[tuple[Value, ...]]:
        for entry in sound:
            d = entry.record.body
            if isinstance(d, Document):
                values = known.with_office(document_values(d))
                cells = (c.kind.write(values[c.key]) if values[c.key] not in (None, ()) else None for c in kinds)
                yield entry.record.subject, *cells, entry.record.record_id.hex()

    columns = (("書類", _TEXT, 24), *((c.header, c.kind.style, c.width) for c in kinds), ("記録ID", _TEXT, _ID))
    return _table(REPORTS["documents"], columns, rows())


def _corrections(sound: Sequence[Logged], reading: Reading) -> Table:
    subjects = reading.subjects()
    columns = (
        ("証明書", _TEXT, 24),
        ("訂正", _TEXT, 12),
        ("日付", _DAY, 12),
        ("理由", _TEXT, 30),
        ("差替え・補足の証明書", _TEXT, 24),
        ("証明書の記録ID", _TEXT, _ID),
        ("記録ID", _TEXT, _ID),
    )
    rows = (
        (
            subjects.get(c.certificate),
            label(c.action).ja,
            c.date,
            c.reason,
            subjects.get(c.by) if c.by is not None else None,
            c.certificate,
            e.record.record_id.hex(),
        )
        for e in sound
        for c in (e.record.body,)
        if isinstance(c, Correction)
    )
    return _table(REPORTS["corrections"], columns, rows)
