"""Where things stand on the papers of 別記3: date, addressee, sender, title, items, and lines to write on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from biotrace.documents.forms import code_place
from biotrace.documents.forms.flow import Flow, Heading
from biotrace.documents.forms.proof import ID_LINE, SEAL, seal
from biotrace.documents.forms.sheet import BODY, LEFT, RIGHT, SMALL, Rule, Style
from biotrace.documents.forms.wrap import MM_PER_POINT, wrap
from biotrace.documents.qr import SIDE_MM, symbol
from biotrace.documents.typeface import BOLD, check_glyphs, width
from biotrace.model.text import Text

from .values import Business, Signed

_WIDE = RIGHT - LEFT
_SENDER = LEFT + 72.0  # where the sender's block starts
_SENDER_CODED = LEFT + 64.0  # the same beside a QR code
_ADDRESSEE = 80.0  # how long a line to write the addressee on is
_INDENT = 7.0  # after an item's number
_POINT = 8.0  # where the words after a ・ start

_RIGHT = Style(10.5, align="right")
_TITLE = Style(15, BOLD, leading=1.4, align="center")
_TITLE_SIZES = (15.0, 14.5, 14.0, 13.5, 13.0)
_NAME = Style(12.5)
_BODY_NAME = Style(11.5, leading=1.6)
_SENTENCE = Style(11, leading=1.7)
_REFERENCE = Style(10.5, BOLD)
_CENTER = Style(11, align="center")

ADDRESS = Text("事業者の所在地", "address of the business")
NAME = Text("事業者の名称", "name of the business")
REPRESENTATIVE = Text("代表者の氏名", "its representative")
NUMBER = Text("認定番号", "accreditation number")
BODY_NAME = Text("団体の名称", "name of the body")


@dataclass(frozen=True, slots=True)
class Field:
    """A label and a value. ``field`` names it in errors. Value None: a line to write on."""

    label: str
    field: Text
    value: str | None


def paper(name: str, further: str, transcribed_by: str | None = None) -> Flow:
    """An empty first page. ``name``: which paper of 別記3 it is; ``further``: what heads the pages after the first."""
    flow = Flow(Heading(f"別記3の{name}", further, transcribed_by))
    flow.gap(4)
    return flow


def checked(text: str, field: Text) -> str:
    """``text``, once it is certain that it can be printed."""
    check_glyphs(text, field)
    return text


def title(flow: Flow, text: str) -> None:
    """The paper's title, centred: smaller, down to a limit, where it fits on one line then; its own breaks are kept."""
    sizes = [size for size in _TITLE_SIZES if "\n" not in text and width(text, BOLD, size) * MM_PER_POINT <= _WIDE]
    flow.gap(5)
    flow.paragraph(text, LEFT, _WIDE, replace(_TITLE, size=sizes[0]) if sizes else _TITLE)
    flow.gap(5)


def right(flow: Flow, text: str) -> None:
    """A line at the right, such as the date."""
    flow.paragraph(text, LEFT, _WIDE, _RIGHT)


def addressee(flow: Flow, name: str | None, field: Text) -> None:
    """To whom it goes, with 殿 on the last line of the name, or after a line to write on."""
    honorific = "　殿"
    flow.gap(4)
    if name is None:
        rule(flow, LEFT, _ADDRESSEE, _NAME)
        flow.line(honorific, LEFT + _ADDRESSEE, _WIDE, _NAME)
    else:
        room = _WIDE - width(honorific, _NAME.font, _NAME.size) * MM_PER_POINT
        *lines, last = wrap(checked(name, field), _NAME.font, _NAME.size, room)
        for line in (*lines, last + honorific):
            flow.line(line, LEFT, _WIDE, _NAME)
    flow.gap(5)


def sender(flow: Flow, business: Business, number: str | None = None, head: str | None = None) -> None:
    """Address, name and representative at the right. ``number``: what the paper calls the number, if it asks for it.

    ``head``: what stands above them.
    """
    if head is not None:
        flow.line(head, _SENDER, RIGHT - _SENDER, BODY)
    fields(flow, business_fields(business, number), _SENDER)
    flow.gap(6)


def business_fields(business: Business, number: str | None = None) -> list[Field]:
    """事業者の所在地, 事業者の名称, 代表者の氏名, and the number where the paper asks for it, in that order."""
    found = [
        Field("事業者の所在地：", ADDRESS, business.address),
        Field("事業者の名称：", NAME, business.name),
        Field("代表者の氏名：", REPRESENTATIVE, business.representative),
    ]
    return found if number is None else [*found, Field(f"{number}：", NUMBER, business.number)]


def fields(flow: Flow, entries: Sequence[Field], x: float, air: float = 1.0, *, numbered: bool = False) -> None:
    """Labels in a column and values in one at its right, from ``x`` to the right margin."""
    label = x + (_INDENT if numbered else 0)
    value = label + max(_measure(entry.label) for entry in entries) + 2
    for number, entry in enumerate(entries, start=1):
        flow.room(BODY.line)
        if numbered:
            flow.sheet.write(str(number), x, flow.y, _INDENT, BODY)
        flow.sheet.write(entry.label, label, flow.y, value - label, BODY)
        if entry.value is None:
            blank(flow, value)
        else:
            flow.paragraph(checked(entry.value, entry.field), value, RIGHT - value, BODY)
        flow.gap(air)


def sentence(flow: Flow, text: str) -> None:
    """A paragraph of the form, its first line indented."""
    flow.paragraph(f"　{text}", LEFT, _WIDE, _SENTENCE)
    flow.gap(2)


def below(flow: Flow) -> None:
    """記, under which the items stand."""
    flow.gap(2)
    flow.line("記", LEFT, _WIDE, _CENTER)
    flow.gap(4)


def item(flow: Flow, number: int, name: str, beside: str = "") -> float:
    """A numbered item's name, ``beside`` it what the form says there. Returns where the value below starts."""
    flow.room(2 * BODY.line)
    flow.sheet.write(str(number), LEFT, flow.y, _INDENT, BODY)
    flow.paragraph(name + beside, LEFT + _INDENT, _WIDE - _INDENT, BODY)
    return LEFT + _INDENT + 4


def values(flow: Flow, lines: Sequence[str], x: float, field: Text) -> None:
    """What is stated under an item, a paragraph for each line."""
    for line in lines:
        flow.paragraph(checked(line, field), x, RIGHT - x, BODY)


def blank(flow: Flow, x: float) -> None:
    """A line to write on, from ``x`` to the right margin."""
    flow.room(BODY.line)
    rule(flow, x, RIGHT - x, BODY)
    flow.y += BODY.line


def rule(flow: Flow, x: float, wide: float, style: Style) -> None:
    """A thin line under what will be written at this height. Does not go on to the next line."""
    y = flow.y + style.line - 0.8
    flow.sheet.marks.append(Rule(x, y, x + wide, y, grey=0.5))


def note(flow: Flow, sign: str, text: str) -> None:
    """A prescribed remark, small, with its sign: 注： or (注)."""
    flow.gap(4)
    wide = width(sign, SMALL.font, SMALL.size) * MM_PER_POINT + 1
    flow.room(SMALL.line)
    flow.sheet.write(sign, LEFT, flow.y, wide, SMALL)
    flow.paragraph(text, LEFT + wide, _WIDE - wide, SMALL)


def small(flow: Flow, text: str) -> None:
    """A small line below everything else."""
    flow.gap(3)
    flow.paragraph(text, LEFT, _WIDE, ID_LINE)


def section(flow: Flow, name: str) -> None:
    """The name of a section, kept with what follows it."""
    flow.gap(2)
    flow.room(4 * BODY.line)
    flow.line(name, LEFT, _WIDE, BODY)
    flow.gap(1)


def points(flow: Flow, lines: Sequence[str]) -> None:
    """Paragraphs with a ・ before each."""
    for line in lines:
        flow.room(BODY.line)
        flow.sheet.write("・", LEFT + _POINT - 4, flow.y, _POINT, BODY)
        flow.paragraph(line, LEFT + _POINT, _WIDE - _POINT, BODY)
        flow.gap(0.8)


def reference(flow: Flow, entries: Sequence[Field]) -> None:
    """What the record states and the form has no item for, under a thin rule."""
    flow.gap(2)
    flow.room(2 * BODY.line)
    flow.sheet.marks.append(Rule(LEFT, flow.y, RIGHT, flow.y, grey=0.7))
    flow.gap(2)
    flow.sheet.write("参考", LEFT, flow.y, _WIDE, _REFERENCE)
    fields(flow, entries, LEFT + 20)


def body_and_code(flow: Flow, body: str, signed: Signed, signed_text: str) -> None:
    """The QR code with the record's id at the left, the body with the seal's place at the right.

    ``signed_text``: the day on which the record was signed, as the paper writes days.
    """
    code = symbol(signed.qr_text)
    quiet = code_place.quiet_mm(code)
    flow.room(SIDE_MM + 2 * quiet + code_place.CODES_HIGH + ID_LINE.line)
    top = flow.y + quiet
    signer = "団体" if signed.transcribed_by is None else "転記者"
    under = code_place.write(flow, code, 0, signed.record_id, signer)
    flow.sheet.write(f"署名の日　{signed_text}", LEFT, under, _WIDE, ID_LINE)
    wide = RIGHT - _SENDER_CODED
    if signed.transcribed_by is None:
        seal(flow.sheet, top + 1)
        wide -= SEAL + 4
    flow.sheet.block(checked(body, BODY_NAME), _SENDER_CODED, top + 6, wide, _BODY_NAME)
    flow.y = under + ID_LINE.line + 5


def _measure(text: str) -> float:
    return width(text, BODY.font, BODY.size) * MM_PER_POINT
