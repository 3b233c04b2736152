"""What all forms share: where number, title, parties, QR code, items and remarks stand on A4, and further pages."""

from __future__ import annotations

from biotrace.documents.qr import SIDE_MM, Symbol, symbol
from biotrace.documents.typeface import BOLD, check_glyphs, width
from biotrace.model.certificate import Certificate
from biotrace.model.labels import label
from biotrace.model.party import Party
from biotrace.model.text import Text

from . import annex, code_place, code_sheet, delivery_note
from .content import NOT_STATED, Aside, Entry, FormContent, IssuerLine
from .flow import Flow, Heading
from .page import DocumentLabel, PageData
from .proof import SEAL, seal
from .reference import reference_entries
from .sheet import BODY, LEFT, RIGHT, SMALL, Rule, Sheet, Style
from .wrap import MM_PER_POINT, wrap

_WIDE = RIGHT - LEFT
_INDENT = 7.0  # after an item's number
_WIDEST_NAME = 64.0  # an item's name that is wider takes the line for itself
_PARTY = 94.0  # where the issuer's block starts
_SECTION = LEFT + 20.0  # where the entries of a section start, right of its title
_MOST_PLACE_LINES = 6
_ACCREDITATION = Text("認定番号", "accreditation number")

_TITLE = Style(15, BOLD, leading=1.4, align="center")
_RIGHT = Style(10.5, align="right")
_ADDRESSEE = Style(12.5)
_ISSUER = Style(11.5, leading=1.6)
_SENTENCE = Style(11, leading=1.6)
_CENTER = Style(11, align="center")
_ADDRESS = Style(9.5, leading=1.45)
_LABEL = Style(8.5)
_REFERENCE = Style(9, leading=1.45)
_HEADLINE = Style(9, BOLD, leading=1.45)


def lay_out(certificate: Certificate, content: FormContent, page: PageData) -> list[Sheet]:
    """The certificate on one A4 page, and on as many more as it takes; nothing is left out.

    Raises UsageError for a character that the typeface cannot print, and as ``biotrace.documents.qr.symbol`` does.
    """
    flow = Flow(_heading(content, certificate, page))
    _number_and_date(flow, certificate, page)
    _title(flow, content)
    _addressee(flow, page.buyer)
    _issuer_and_code(flow, certificate, content, page)
    long_places: list[Entry] = []
    if content.columns:
        delivery_note.write(flow, content)
    else:
        _sentence(flow, content)
        long_places = _items(flow, content.entries)
    for aside in content.asides:
        _aside(flow, aside)
    _section(flow, "添付書類", _documents(page))
    _section(flow, "参考", reference_entries(certificate, content, page))
    for entry in long_places:
        annex.write(flow, entry)
    code_sheet.write(flow, tuple(symbol(text, code_sheet.SIDE_MM) for text in page.qr_parts), page.record_id)
    return flow.finish(page.record_id)


def _heading(content: FormContent, certificate: Certificate, page: PageData) -> Heading:
    number = _checked(certificate.number or NOT_STATED, Text("番号", "number"))
    transcriber = page.transcribed_by
    return Heading(
        form=label(content.form).ja,
        certificate=f"証明書番号 {number}（{page.day(certificate.date)}）",
        transcribed_by=None if transcriber is None else _checked(transcriber, Text("転記者", "transcriber")),
    )


def _number_and_date(flow: Flow, certificate: Certificate, page: PageData) -> None:
    half = LEFT + _WIDE / 2
    flow.paragraph(f"番号　{certificate.number or NOT_STATED}", half, _WIDE / 2, _RIGHT)
    flow.paragraph(page.day(certificate.date), half, _WIDE / 2, _RIGHT)


def _title(flow: Flow, content: FormContent) -> None:
    flow.gap(4)
    flow.paragraph(content.title, LEFT, _WIDE, _TITLE)
    flow.gap(3.5)


def _addressee(flow: Flow, buyer: Party | None) -> None:
    """Whom the certificate is made out to; 殿 stands on the last line of the name."""
    name = _checked(buyer.name if buyer else f"販売先{NOT_STATED}", Text("販売先", "buyer"))
    if buyer and buyer.address:
        address = _checked(buyer.address, Text("販売先の住所", "buyer's address"))
        flow.paragraph(address, LEFT, _WIDE, _ADDRESS)
    honorific = "　殿"
    room = _WIDE - width(honorific, _ADDRESSEE.font, _ADDRESSEE.size) * MM_PER_POINT
    *lines, last = wrap(name, _ADDRESSEE.font, _ADDRESSEE.size, room)
    for line in (*lines, last + honorific):
        flow.line(line, LEFT, _WIDE, _ADDRESSEE)
    flow.gap(3)


def _issuer_and_code(flow: Flow, certificate: Certificate, content: FormContent, page: PageData) -> None:
    """The QR code at the left, the issuer with the seal's place at the right, on one band of the page."""
    code: Symbol | None = None if page.qr_parts else symbol(page.qr_text)
    lines = content.issuer or _issuer_lines(certificate, page.issuer)
    parts = [part for line in lines for part in _issuer_parts(line, bool(content.issuer))]
    wide = RIGHT - _PARTY - (0 if page.transcribed else SEAL + 4)
    high = sum(len(wrap(text, style.font, style.size, wide)) * style.line for text, style in parts)
    quiet = code_place.quiet_mm(code)
    flow.room(max(high + 3, SIDE_MM + 2 * quiet + code_place.CODES_HIGH))
    top = flow.y + quiet
    signer = "転記者" if page.transcribed else "発行者"
    below = code_place.write(flow, code, len(page.qr_parts), page.record_id, signer)
    y = top + 3
    for text, style in parts:
        y = flow.sheet.block(text, _PARTY, y, wide, style)
    if not page.transcribed:
        seal(flow.sheet, top + 1)
    flow.y = max(below, y, top + SEAL) + 4


def _issuer_lines(certificate: Certificate, issuer: Party) -> tuple[IssuerLine, ...]:
    """Address, name and accreditation number, as the forms for businesses have them."""
    address = [IssuerLine(Text("発行者の住所", "issuer's address"), issuer.address)] if issuer.address else []
    number = certificate.accreditation_number
    if number is None and not issuer.as_business:
        number = "なし（伐採、加工・流通を業としない者）"
    return (
        *address,
        IssuerLine(Text("発行者", "issuer"), issuer.name, large=True),
        IssuerLine(_ACCREDITATION, number or NOT_STATED),
    )


def _issuer_parts(line: IssuerLine, named: bool) -> list[tuple[str, Style]]:
    """The line as printed: what it is stands above it where the form prints that (``named``), and before a number."""
    text = _checked(line.text, line.field)
    if line.field == _ACCREDITATION:
        return [(f"{line.field.ja}　{text}", BODY)]
    above = [(line.field.ja, _LABEL)] if named else []
    return [*above, (text, _ISSUER if line.large else _ADDRESS)]


def _sentence(flow: Flow, content: FormContent) -> None:
    flow.paragraph("　" + content.sentence, LEFT, _WIDE, _SENTENCE)
    flow.gap(2)
    flow.line("記", LEFT, _WIDE, _CENTER)
    flow.gap(1)


def _items(flow: Flow, entries: tuple[Entry, ...]) -> list[Entry]:
    """The numbered items. Returns those whose value went to the annex."""
    to_annex = []
    value = _value_column(entries)
    airy = len(entries) < 4
    for number, entry in enumerate(entries, start=1):
        lines = _value_lines(entry, RIGHT - value, BODY)
        if entry.rows and len(lines) > _MOST_PLACE_LINES:
            lines = [f"別紙のとおり（全{len(entry.rows)}箇所）"]
            to_annex.append(entry)
        _item(flow, f"{number}.", entry.name.ja, lines, value)
        flow.gap(4 if airy else 1.3)
    return to_annex


def _value_column(entries: tuple[Entry, ...]) -> float:
    """Where the values start: after the widest name that shares its line with a value."""
    widths = [_name_width(entry.name.ja) for entry in entries]
    return LEFT + _INDENT + max([30.0, *(w for w in widths if w <= _WIDEST_NAME)]) + 4


def _name_width(name: str) -> float:
    return width(name, BODY.font, BODY.size) * MM_PER_POINT


def _item(flow: Flow, number: str, name: str, lines: list[str], value: float) -> None:
    """Name at the left and value at the right, or below where the name takes the line for itself."""
    flow.room(2 * BODY.line)
    flow.sheet.write(number, LEFT, flow.y, _INDENT, BODY)
    flow.sheet.write(name, LEFT + _INDENT, flow.y, _WIDE, BODY)
    if _name_width(name) > _WIDEST_NAME:
        flow.y += BODY.line
    for line in lines:
        flow.line(line, value, RIGHT - value, BODY)


def _value_lines(entry: Entry, wide: float, style: Style) -> list[str]:
    checked = [_checked(paragraph, entry.name) for paragraph in entry.paragraphs]
    return [line for paragraph in checked for line in wrap(paragraph, style.font, style.size, wide)]


def _aside(flow: Flow, aside: Aside) -> None:
    flow.gap(1.5)
    flow.room(SMALL.line)
    flow.sheet.write(aside.sign, LEFT, flow.y, _INDENT, SMALL)
    for paragraph in aside.paragraphs:
        flow.paragraph(paragraph, LEFT + 5, _WIDE - 5, SMALL)


def _documents(page: PageData) -> tuple[Entry, ...]:
    return tuple(
        Entry(Text(f"({number}) {label(document.kind).ja}", "supporting document"), (_number_and_day(document, page),))
        for number, document in enumerate(page.documents, start=1)
    )


def _number_and_day(document: DocumentLabel, page: PageData) -> str:
    day = f"（{page.day(document.date)}）" if document.date else ""
    return (document.number or "") + day or NOT_STATED


def _section(flow: Flow, title: str, entries: tuple[Entry, ...]) -> None:
    """What goes with the form below a thin rule: a title at the left, then a name and a value on each line."""
    if not entries:
        return
    flow.gap(2)
    flow.room(_REFERENCE.line + 1)
    flow.sheet.marks.append(Rule(LEFT, flow.y, RIGHT, flow.y, grey=0.7))
    flow.gap(1)
    flow.sheet.write(title, LEFT, flow.y, _WIDE, _HEADLINE)
    value = _SECTION + 4 + max(width(e.name.ja, _REFERENCE.font, _REFERENCE.size) for e in entries) * MM_PER_POINT
    for entry in entries:
        lines = _value_lines(entry, RIGHT - value, _REFERENCE)
        flow.room(_REFERENCE.line)
        flow.sheet.write(entry.name.ja, _SECTION, flow.y, _WIDE, _REFERENCE)
        for line in lines:
            flow.line(line, value, RIGHT - value, _REFERENCE)


def _checked(text: str, field: Text) -> str:
    """``text``, once it is certain that it can be printed."""
    check_glyphs(text, field)
    return text
