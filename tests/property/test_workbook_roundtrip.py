"""Whatever records say: what is written of them as a row reads back the same, so that an import finds nothing new."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.documents.workbook.columns import Sheet, Values
from biotrace.documents.workbook.reading import read_book
from biotrace.documents.workbook.sheet_issued import ISSUED
from biotrace.documents.workbook.sheet_parties import PARTIES
from biotrace.documents.workbook.sheet_received import RECEIVED
from biotrace.documents.workbook.write_csv import csv_files
from biotrace.documents.workbook.write_xlsx import xlsx_bytes
from biotrace.documents.workbook.writing import as_read, table
from biotrace.services.workbook_compare import differences
from biotrace.services.workbook_values import certificate_values, delivery_values, issued_values, party_values
from biotrace.services.workbook_values import document_values as document_part
from tests.strategies import accreditations, certificates, deliveries, documents, parties

FORMATS = st.sampled_from([None, "utf-8-sig", "cp932"])


@st.composite
def received(draw: st.DrawFn) -> Values:
    """A row of 入荷 as the export writes it."""
    values = certificate_values(draw(certificates()), None, None)
    if draw(st.booleans()):
        values |= document_part(draw(documents()))
    return values | (delivery_values(draw(deliveries())) if draw(st.booleans()) else {})


@st.composite
def partners(draw: st.DrawFn) -> Values:
    """A row of 取引先 as the export writes it."""
    return party_values(draw(parties()), draw(st.none() | accreditations()))


def read_again(sheet: Sheet, rows: Sequence[Values], encoding: str | None) -> list[tuple[int, Values]]:
    """What is read of the rows as written, with their places among them: from xlsx, or from csv in an encoding."""
    written = table(sheet, rows)
    if encoding is None:
        data, name = xlsx_bytes([written]), "a.xlsx"
    else:
        (data,), name = csv_files([written], encoding, "〓").values(), f"{sheet.title}.csv"
    (found,) = read_book(data, name, [sheet.title]).sheets
    return [(row.number - 2, row.values) for row in found.rows]


def check(sheet: Sheet, rows: Sequence[Values], encoding: str | None) -> None:
    """No row that is read differs from the record; where an encoding lacks no character."""
    for index, said in read_again(sheet, rows, encoding):
        found = differences(sheet, said, rows[index])
        assert [d for d in found if encoding != "cp932" or "〓" not in d.said] == []


@settings(max_examples=60)
@given(st.lists(received(), min_size=1, max_size=3), st.sampled_from([None, "utf-8-sig"]))
def test_certificates_read_back(rows: list[Values], encoding: str | None) -> None:
    check(RECEIVED, rows, encoding)


@settings(max_examples=60)
@given(st.lists(partners(), min_size=1, max_size=3), st.sampled_from([None, "utf-8-sig"]))
def test_partners_read_back(rows: list[Values], encoding: str | None) -> None:
    check(PARTIES, rows, encoding)


@settings(max_examples=40)
@given(st.lists(certificates().map(issued_values), min_size=1, max_size=3), st.sampled_from([None, "utf-8-sig"]))
def test_what_was_issued_reads_back(rows: list[Values], encoding: str | None) -> None:
    check(ISSUED, rows, encoding)


ORDINARY = st.text("甲乙丙林産山017ABC㎥髙", min_size=1, max_size=10)


@settings(max_examples=60)
@given(received(), st.data())
def test_nothing_of_an_ordinary_row_is_lost(values: Values, data: st.DataObject) -> None:
    """With texts as papers have them every value comes back, and as ``as_read`` says without writing a file."""
    for key in ("seller", "number", "vehicle", "accreditation_number", "permit_number", "permit_issuer"):
        values[key] = data.draw(ORDINARY)
    ((_, said),) = read_again(RECEIVED, [values], None) or ((0, {}),)
    canonical = as_read(RECEIVED, values)
    assert said in (canonical, {})  # {}: some text is none that a row may have, and the row is told
    stated = {key for key, value in RECEIVED.apart(values).items() if not isinstance(value, str | tuple)}
    assert {RECEIVED.value_key(key) for key in stated} <= set(canonical)
    assert all(canonical[key] == values[key] for key in ("date", "form", "class", "quantity", "number"))
