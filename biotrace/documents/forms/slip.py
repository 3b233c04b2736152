"""発電用木質バイオマス証明書 兼 納品書（検量確認書）: what a plant weighed, with what the lot's certificate says.

Laid out like the slips that the audit of 2017 found in order (図表2-(3)-イ-②-ii). What no record holds (producer, site
of felling, haulier, who took it in) has its place and is left blank.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from biotrace.documents.qr import SIDE_MM, symbol
from biotrace.documents.typeface import BOLD, check_glyphs
from biotrace.model.certificate import Certificate, Goods
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.party import Party
from biotrace.model.text import Text

from . import code_place, code_sheet, table
from .claims import ALL_AND_SEGREGATED
from .content import NOT_STATED
from .flow import Flow, Heading
from .page import Proof, day_text
from .sheet import LEFT, RIGHT, Sheet, Style

TITLE = "発電用 木質バイオマス証明書 兼 納品書（検量確認書）"
SENTENCE = "【下記の物件は全て適切に分別管理されていることを証明します。】"
WEIGHED_ONLY = "納品書（検量確認書）"
"""The title where no certificate makes the sentence's statements."""

_WIDE = RIGHT - LEFT
_MIDDLE = LEFT + _WIDE / 2
_EDGES = (LEFT, LEFT + 34.0, RIGHT)
_FOUR_EDGES = (LEFT, LEFT + 34.0, _MIDDLE, _MIDDLE + 34.0, RIGHT)
_LEAST = 10.5
_NUMBER = Style(10.5, align="right")
_TITLE = Style(14, BOLD, leading=1.5, align="center")
_SENTENCE = Style(11, leading=1.6, align="center")
_NAME = Style(10, leading=1.4, align="center")
_VALUE = Style(11, leading=1.45)
_SMALL_VALUE = Style(10, leading=1.4)
_CLASSES = (FuelClass.THINNED, FuelClass.GENERAL)
_SHORT = {FuelClass.THINNED: "間伐材等由来", FuelClass.GENERAL: "一般木質バイオマス"}
_GOODS = (Goods.CUTTING_CHIPS, Goods.PIN_CHIPS)
_SPECIES = ("スギ", "ヒノキ")
_CIRCLED = "①②"
_CODE_WIDE = 60.0  # what a code's id takes below it


@dataclass(frozen=True, slots=True)
class SlipPage:
    """What a slip needs beside the records. ``code`` proves the delivery, ``certified`` its certificate.

    ``supplier`` and ``plant``: who brought it, and where it arrived.
    """

    plant: Party
    supplier: Party | None
    code: Proof
    certified: Proof | None = None
    western_dates: bool = False

    @property
    def transcribed_by(self) -> str | None:
        """Who copied a paper: the delivery's signer, or else its certificate's."""
        return self.code.transcribed_by or (self.certified.transcribed_by if self.certified else None)


def title_of(certificate: Certificate | None) -> str:
    """The combined title, or only the slip's where the certificate does not say what the combined one does."""
    return TITLE if _is_certified(certificate) else WEIGHED_ONLY


def lay_out(delivery: Delivery, certificate: Certificate | None, page: SlipPage) -> list[Sheet]:
    """The slip on one page, and the codes of a certificate that is too large for one on more.

    Raises UsageError for a character that cannot be printed.
    """
    number = _checked((certificate.number if certificate else None) or NOT_STATED, Text("管理番号", "number"))
    flow = Flow(
        Heading(
            form="納入の記録",
            certificate=f"管理番号 {number}（{day_text(delivery.date, western=page.western_dates)}）",
            transcribed_by=page.transcribed_by,
        )
    )
    flow.paragraph(f"管理番号　{number}", _MIDDLE, _WIDE / 2, _NUMBER)
    flow.gap(3)
    flow.line(title_of(certificate), LEFT, _WIDE, _TITLE)
    if _is_certified(certificate):
        flow.line(SENTENCE, LEFT, _WIDE, _SENTENCE)
    flow.gap(3)
    for names_and_values in _rows(delivery, certificate, page):
        _row(flow, names_and_values)
    flow.gap(5)
    _codes(flow, page)
    return flow.finish(page.code.record_id)


def _is_certified(certificate: Certificate | None) -> bool:
    """Whether a certificate of one class says that all of it is of that class, and was kept apart."""
    if certificate is None or certificate.mixed is not None or certificate.fuel_class not in _CLASSES:
        return False
    return all(statement in certificate.statements for statement in ALL_AND_SEGREGATED)


def _rows(delivery: Delivery, certificate: Certificate | None, page: SlipPage) -> list[tuple[str, ...]]:
    """Each row as name and value, or two of each."""
    goods = delivery.goods or (certificate.goods if certificate else None)
    vehicle = delivery.vehicle or (certificate.vehicle if certificate else None)
    return [
        ("販売先", page.plant.name),
        ("納入業者", _supplier(certificate, page)),
        ("品名", _class_line(delivery, certificate)),
        ("納入荷姿", _goods_line(goods)),
        ("到着日時", _arrival(delivery, page)),
        ("検収数量", _weighed(delivery)),
        ("樹種", _species_line(certificate)),
        ("生産者", "", "現場名", ""),
        ("運送会社", "", "担当者\n印またはサイン", ""),
        ("車番\nまたは船舶名", vehicle or "", "備考", _remarks(delivery, certificate)),
    ]


def _supplier(certificate: Certificate | None, page: SlipPage) -> str:
    name = page.supplier.name if page.supplier else NOT_STATED
    number = certificate.accreditation_number if certificate else None
    return f"{name}（認定番号 {number}）" if number else name


def _class_line(delivery: Delivery, certificate: Certificate | None) -> str:
    if certificate is not None and certificate.mixed is not None:
        return "区分の混じったロット（割合は備考）"
    chosen = certificate.fuel_class if certificate is not None else delivery.fuel_class
    if chosen is not None and chosen not in _CLASSES:
        return chosen.label.ja
    return _choice([_SHORT[c] for c in _CLASSES], [c is chosen for c in _CLASSES])


def _goods_line(goods: Goods | None) -> str:
    other = "" if goods is None or goods in _GOODS else f"　その他（{label(goods).ja}）"
    return _choice([label(g).ja for g in _GOODS], [g is goods for g in _GOODS]) + other


def _species_line(certificate: Certificate | None) -> str:
    species = certificate.species if certificate else ()
    others = "、".join(name for name in species if name not in _SPECIES)
    return _choice(list(_SPECIES), [name in species for name in _SPECIES]) + f"　その他（{others or '　　　'}）"


def _choice(names: list[str], chosen: list[bool]) -> str:
    """1．… ②…: the number of what applies is circled, as by hand."""
    signs = [circled if yes else f"{i}．" for i, (circled, yes) in enumerate(zip(_CIRCLED, chosen, strict=True), 1)]
    return "　　".join(f"{sign} {name}" for sign, name in zip(signs, names, strict=True))


def _arrival(delivery: Delivery, page: SlipPage) -> str:
    day = day_text(delivery.date, western=page.western_dates)
    if delivery.time is None:
        return f"{day}　時刻{NOT_STATED}"
    hours, minutes = delivery.time.split(":")
    return f"{day}　{int(hours)}時{minutes}分"


def _weighed(delivery: Delivery) -> str:
    moisture = delivery.quantity.moisture
    return str(delivery.quantity) + ("" if moisture is None else f"（含水率 {moisture / 100:g} %）")


def _remarks(delivery: Delivery, certificate: Certificate | None) -> str:
    """Shares of a mixed lot, and where what the gate noted is not what the certificate says."""
    if certificate is None:
        return "証明書の記録なし"
    said = []
    if certificate.mixed is not None:
        shares = "、".join(f"{s.fuel_class.label.ja} {s.parts / 100:g} %" for s in certificate.mixed.shares)
        said.append(f"割合: {shares}")
    elif not _is_certified(certificate):
        said.append("証明書に区分・分別管理の記載が揃わない")
    if delivery.fuel_class not in (None, certificate.fuel_class):
        said.append(f"受入時の区分: {delivery.fuel_class.label.ja}")
    if replace(delivery.quantity, moisture=None) != replace(certificate.quantity, moisture=None):
        said.append(f"証明書の数量 {certificate.quantity}")
    return "\n".join(said)


def _row(flow: Flow, cells: tuple[str, ...]) -> None:
    edges = _EDGES if len(cells) == 2 else _FOUR_EDGES
    value = _VALUE if len(cells) == 2 else _SMALL_VALUE
    styles = [_NAME if i % 2 == 0 else value for i in range(len(cells))]
    lines = [
        table.wrapped(_checked(text, Text(cells[i - i % 2], "slip")), edges[i + 1] - edges[i], styles[i])
        for i, text in enumerate(cells)
    ]
    flow.room(table.height(lines, styles, _LEAST))
    table.row(flow, edges, lines, styles, _LEAST)


def _codes(flow: Flow, page: SlipPage) -> None:
    """The certificate's code at the left and the delivery's at the right, each with its record's id."""
    shown = [("証明書の発行者", page.certified, LEFT), ("受入者", page.code, RIGHT - _CODE_WIDE)]
    flow.room(SIDE_MM + code_place.CODES_HIGH + 4)
    for signer, of, x in shown:
        if of is not None:
            code = None if of.qr_parts else symbol(of.qr_text)
            who = "転記者" if of.transcribed_by else signer
            code_place.write(flow, code, len(of.qr_parts), of.record_id, who, x)
    for of in (page.certified, page.code):
        if of is not None:
            symbols = tuple(symbol(text, code_sheet.SIDE_MM) for text in of.qr_parts)
            code_sheet.write(flow, symbols, of.record_id)


def _checked(text: str, field: Text) -> str:
    check_glyphs(text, field)
    return text
