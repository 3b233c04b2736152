"""Kinds of columns that hold numbers: decimals in whatever dress, kept as whole numbers of base units."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation

from biotrace.documents.problems import shown
from biotrace.model.quantity import PARTS, Unit, to_base
from biotrace.model.text import Text

from .cells import Cell, CellError, Value, form, plain_number
from .kinds import PLAIN, Choice, Head, checked
from .words import UNITS

MOST = 10_000_000
"""More than this, in whatever unit, is a slip of the pen; as in casebooks."""
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?)\s*(.*)", re.DOTALL)
_SHARE_UNITS = ("%", "パーセント")
UNIT_WORDS = Choice(UNITS)


def number_and_rest(cell: Cell) -> tuple[Decimal, str]:
    """The number that a cell begins with, and what follows it, such as a unit. Raises CellError."""
    value = cell.value
    if isinstance(value, date | time | timedelta | bool):
        raise CellError(
            shown(cell.text)
            + Text("は数ではありません（日付などになっています）", " is no number but a date or the like"),
            Text("数", "a number"),
            Text("セルの書式を「標準」にして打ち直してください", "set the cell's format to general and type it again"),
        )
    if isinstance(value, int | float | Decimal):
        return plain_number(value), ""
    text = re.sub("[，､]", ",", unicodedata.normalize("NFKC", checked(cell.text))).replace("、", ",")
    match = _NUMBER.fullmatch(text)
    try:
        number = Decimal(match.group(1).replace(",", "")) if match else None
    except InvalidOperation:
        number = None
    if match is None or number is None:
        raise CellError(shown(cell.text) + Text("は数として読めません", " is not a number"), Text("数", "a number"))
    return number, match.group(2).strip()


@dataclass(frozen=True, slots=True)
class Measured:
    """A number as a cell has it, with the unit that stands beside it in the cell or in the header."""

    value: Decimal
    unit: Unit | None = None


_AMOUNT = Text(
    "0より大きく10,000,000以下の数（6.58、6.58 t など）", "a number above 0 and up to 10,000,000, such as 6.58 t"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of wood: a number, with or without its unit."""

    expected: Text = _AMOUNT
    style: str = "#,##0.######"
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> Measured:
        number, rest = number_and_rest(cell)
        unit = _unit(rest) if rest else None
        of_head = _unit(head.unit) if head.unit and form(head.unit) in _KNOWN_UNITS else None
        if unit is not None and of_head is not None and unit is not of_head:
            message = shown(cell.text) + Text(
                f"の単位は {unit.sign} ですが、見出しは {of_head.sign} です",
                f" is in {unit.sign}, the header says {of_head.sign}",
            )
            raise CellError(message, self.expected)
        if not 0 < number <= MOST:
            raise CellError(shown(cell.text) + Text("は範囲の外です", " is out of range"), self.expected)
        return Measured(number, unit or of_head)

    def write(self, value: Measured) -> Value:
        return value.value


_KNOWN_UNITS = frozenset(form(word) for unit, words in UNITS.items() for word in (str(unit), *words))


def _unit(text: str) -> Unit:
    unit = UNIT_WORDS.value_of(text)
    assert isinstance(unit, Unit)
    return unit


@dataclass(frozen=True, slots=True)
class Share:
    """A share such as a moisture, kept in 1/10,000; written in percent. ``whole``: 100 % is possible."""

    whole: bool = False
    style: str = "0.##"
    options: tuple[str, ...] = ()
    expected: Text = field(default=Text("42、42%、0.42 のような割合", "a share such as 42, 42% or 0.42"))

    def read(self, cell: Cell, head: Head) -> int:
        number, rest = number_and_rest(cell)
        in_percent = rest in _SHARE_UNITS
        if rest and not in_percent:
            raise CellError(shown(cell.text) + Text("は割合として読めません", " is not a share"), self.expected)
        if not in_percent and "%" in cell.style:
            number, in_percent = number * 100, True
        elif not in_percent and any(sign in form(head.unit) for sign in _SHARE_UNITS):
            in_percent = True
            if 0 < number < 1:
                raise CellError(
                    shown(cell.text)
                    + Text("は、百分率の列にしては小さすぎます", " is too small for a column in percent"),
                    self.expected,
                    Text(f"{number * 100:f}% か {number:f}% か、% を付けて書いてください", "write it with a % sign"),
                )
        part = number / 100 if in_percent or number > 1 else number
        top = part <= 1 if self.whole else part < 1
        if part < 0 or not top or part * PARTS % 1:
            raise CellError(shown(cell.text) + Text("は範囲の外です", " is out of range"), self.expected)
        return int(part * PARTS)

    def write(self, value: int) -> Value:
        percent = Decimal(value) / (PARTS // 100)
        return f"{percent:f}%" if 0 < percent < 1 else percent  # with the sign: 0.5 could be half of it


MOISTURE = Share(
    expected=Text(
        "湿量基準の水分（42、42%、0.42 など。0以上100%未満、小数点以下2桁の%まで）",
        "moisture on wet basis (42, 42% or 0.42; from 0 to below 100 %)",
    )
)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A number with its unit of measure, kept as a whole number of base units. ``scales``: base units in one of each.

    The first of ``scales`` is the unit of the column.
    """

    expected: Text
    scales: tuple[tuple[str, Decimal], ...]
    style: str = "#,##0.####"
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> int:
        number, rest = number_and_rest(cell)
        known = {form(unit): scale for unit, scale in self.scales}
        named = form(rest) or (form(head.unit) if form(head.unit) in known else form(self.scales[0][0]))
        base = number * known[named] if named in known else Decimal("NaN")
        if base.is_nan() or not 0 <= number <= MOST or base % 1:
            raise CellError(shown(cell.text) + Text("は読めません", " cannot be read"), self.expected)
        return int(base)

    def write(self, value: int) -> Value:
        return Decimal(value) / self.scales[0][1]


HECTARES = Scaled(
    Text("ヘクタールの面積（0.60、23.6110ha など。小数点以下4桁まで）", "an area in hectares, with at most 4 decimals"),
    (("ha", Decimal(10_000)), ("ヘクタール", Decimal(10_000)), ("a", Decimal(100)), ("m2", Decimal(1))),
)
CUBIC_METRES = Scaled(
    Text("立方メートルの材積（小数点以下6桁まで）", "a volume in m³, with at most 6 decimals"),
    tuple((word, Decimal(1_000_000)) for word in ("m3", "立方メートル", "立米")),
    "#,##0.######",
)
YEARS = Scaled(
    Text("年数（整数）", "a whole number of years"),
    (("年", Decimal(1)), ("年生", Decimal(1)), ("歳", Decimal(1))),
    PLAIN,
)
YEN = Scaled(Text("円の額（整数、税抜き）", "whole yen, without tax"), (("円", Decimal(1)),), "#,##0")


def base_amount(measured: Measured, unit: Unit) -> int:
    """In base units. Raises CellError for what is finer than 1 g or 1 cm³."""
    try:
        return to_base(measured.value, unit.scale)
    except ValueError:
        raise CellError(
            Text(f"{measured.value:f} {unit.sign} は細かすぎます", f"{measured.value:f} {unit.sign} is too fine"),
            Text("1 g・1 cm³ まで", "nothing finer than 1 g or 1 cm³"),
            Text("小数点以下の桁を減らしてください（Excel では ROUND）", "write fewer decimals (ROUND in Excel)"),
        ) from None
