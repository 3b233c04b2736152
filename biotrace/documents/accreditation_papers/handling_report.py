"""別記4: what an accredited business handled from April to March, reported to its body every year (第八)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.documents.forms.flow import Flow
from biotrace.documents.forms.sheet import BODY, LEFT, RIGHT, Rule, Sheet, Style
from biotrace.documents.forms.wrap import wrap
from biotrace.documents.paint import Metadata, paint

from . import parts
from .values import Business, Handled, day_text, volume_text

TITLE = "間伐材等由来の木質バイオマス又は一般木質バイオマスであることが証明された木材の取扱実績報告"
SENTENCE = (
    "発電利用に供する木質バイオマスの証明に係る事業者認定実施要領第八の規定に基づき、下記のとおり"
    "間伐材等由来の木質バイオマス及び一般木質バイオマスの取扱実績を報告します。"
)
_NAMES = (
    "1. 期間",
    "2. 木材の取扱量（総数）",
    "3. 2.のうち、間伐材等由来のバイオマスであると証明されたもの",
    "4. 2.のうち、一般木質バイオマスであると証明されたもの",
)
_COLUMNS = (LEFT, LEFT + 78.0, LEFT + 120.0, RIGHT)
_PAD = 2.5
_AMOUNT = Style(10.5, align="right")
_PERIOD = Style(10.5, align="center")


@dataclass(frozen=True, slots=True)
class HandlingReport:
    """別記4 as it is filled in. ``start`` and ``until``: first and last day, 1 April and 31 March.

    ``thinned`` and ``general`` are parts of ``total``. Raises ValueError for a negative volume, a part above its total
    and a period that ends before it begins.
    """

    day: date | None
    body: str | None
    business: Business
    start: date
    until: date
    total: Handled
    thinned: Handled
    general: Handled
    western_dates: bool = False

    def __post_init__(self) -> None:
        if self.until < self.start:
            raise ValueError(f"the period ends on {self.until}, before it begins, {self.start}")
        for whole, *shares in (
            (self.total.logs_in, self.thinned.logs_in, self.general.logs_in),
            (self.total.chips_out, self.thinned.chips_out, self.general.chips_out),
        ):
            known = [share for share in shares if share is not None]
            if any(amount < 0 for amount in known) or (whole is not None and whole < sum(known)):
                raise ValueError(f"of a total of {whole} cm³ {known} cannot be parts")


def render(report: HandlingReport) -> bytes:
    """The PDF. The same values give the same bytes. Raises UsageError for a character that cannot be printed."""
    return paint(lay_out(report), Metadata(TITLE, report.business.name or "", "別記3 別記4"))


def lay_out(report: HandlingReport) -> list[Sheet]:
    """The page, for a PDF with more behind it. Raises UsageError as ``render`` does."""
    western = report.western_dates
    flow = parts.paper("別記4　取扱実績報告", TITLE)
    parts.right(flow, day_text(report.day, western))
    parts.addressee(flow, report.body, parts.BODY_NAME)
    parts.sender(flow, report.business, number="団体認定番号")
    parts.title(flow, TITLE.replace("であることが", "である\nことが"))
    parts.sentence(flow, SENTENCE)
    parts.below(flow)
    first, *names = _NAMES
    _row(flow, first, f"{day_text(report.start, western)}～{day_text(report.until, western)}")
    for name, handled in zip(names, (report.total, report.thinned, report.general), strict=True):
        _amounts(flow, name, handled)
    return flow.finish(None)


def _row(flow: Flow, name: str, value: str) -> None:
    high = BODY.line + 2 * _PAD
    _name(flow, name)
    flow.sheet.write(value, _COLUMNS[1], flow.y + _PAD, RIGHT - _COLUMNS[1], _PERIOD)
    _frame(flow, high, (_COLUMNS[0], _COLUMNS[1], RIGHT))


def _amounts(flow: Flow, name: str, handled: Handled) -> None:
    """A name at the left, at its right two lines: what came in and what went out."""
    high = 2 * BODY.line + 3 * _PAD
    _name(flow, name)
    lines = (("原木（原料）入荷量", handled.logs_in), ("チップ等出荷量", handled.chips_out))
    for n, (label, amount) in enumerate(lines):
        y = flow.y + _PAD + n * (BODY.line + _PAD)
        flow.sheet.write(label, _COLUMNS[1] + _PAD, y, RIGHT, BODY)
        flow.sheet.write(volume_text(amount), _COLUMNS[2], y, RIGHT - _COLUMNS[2] - _PAD, _AMOUNT)
    _frame(flow, high, (_COLUMNS[0], _COLUMNS[1], RIGHT))


def _name(flow: Flow, name: str) -> None:
    """The name in the first column, its further lines under its words, not under its number."""
    sign, words = name.split(" ", 1)
    indent = 6.0
    flow.sheet.write(sign, _COLUMNS[0] + _PAD, flow.y + _PAD, indent, BODY)
    wide = _COLUMNS[1] - _COLUMNS[0] - 2 * _PAD - indent
    for n, line in enumerate(wrap(words, BODY.font, BODY.size, wide)):
        flow.sheet.write(line, _COLUMNS[0] + _PAD + indent, flow.y + _PAD + n * (BODY.line + _PAD / 2), wide, BODY)


def _frame(flow: Flow, high: float, edges: tuple[float, ...]) -> None:
    top, marks = flow.y, flow.sheet.marks
    marks += [Rule(LEFT, y, RIGHT, y) for y in (top, top + high)]
    marks += [Rule(x, top, x, top + high) for x in edges]
    flow.y = top + high
