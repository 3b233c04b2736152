"""Numbers in a casebook: decimals as written, kept as whole numbers of base units, and never a float."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from biotrace.documents.casebook_kinds import Choice
from biotrace.documents.casebook_reading import BAD, Converted, Key, Reading, Record, Tree, below, found, read_value
from biotrace.documents.located import Mapping, Node, Scalar
from biotrace.documents.problems import shown, visible
from biotrace.model.certificate import Share
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity, Unit, to_base
from biotrace.model.text import Text

TOO_FINE = Text("は細かすぎます", " is too fine")
MOST = 10_000_000
"""More than this, in whatever unit, is a slip of the pen."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?")
_DIGITS = 24
"""Numbers of more signs than this are refused: decimal arithmetic rounds beyond 28 digits without a word."""


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number from ``low`` to ``high``, kept as a whole number of 1/``scale`` (None: as the decimal itself)."""

    expected: Text
    low: int
    high: int
    scale: int | None = 1
    above_low: bool = False
    below_high: bool = False

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Scalar):
            return reading.refuse(node, path, found(node), self.expected)
        message, remedy = self._trouble(node)
        if message is not None:
            return reading.refuse(node, path, message, self.expected, remedy)
        value = Decimal(node.text)
        return value if self.scale is None else to_base(value, self.scale)

    def _trouble(self, node: Scalar) -> tuple[Text | None, Text | None]:
        """Why the number cannot be taken, and what to do."""
        name, bare = shown(node.text), visible(node.text)
        if not _NUMBER.fullmatch(node.text):
            return name + Text("は数として読めません", " is not a plain number"), _number_remedy(node.text)
        if not node.plain:
            remedy = Text(f"引用符を外して {bare} と書いてください", f"remove the quotes: {bare}")
            return name + Text("が引用符で囲まれています", " stands in quotation marks"), remedy
        value = Decimal(node.text)
        if not self._in_range(value):
            return name + Text("は範囲の外です", " is out of range"), self._percent_remedy(value)
        if len(node.text) > _DIGITS or (self.scale is not None and value * self.scale % 1):
            return name + TOO_FINE, Text("小数点以下の桁を減らしてください", "write fewer decimals")
        return None, None

    def write(self, value: int | Decimal) -> Tree:
        return Decimal(value) / (self.scale or 1)

    def _in_range(self, value: Decimal) -> bool:
        below = value < self.low or (self.above_low and value == self.low)
        above = value > self.high or (self.below_high and value == self.high)
        return not below and not above

    def _percent_remedy(self, value: Decimal) -> Text | None:
        if self.high != 1 or not 1 <= value <= 100:
            return None
        part = f"{(value / 100).normalize():f}"
        return Text(f"{value}％ の意味なら {part} と書いてください", f"if {value} % is meant, write {part}")


def _number_remedy(text: str) -> Text:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("_", "").replace(" ", "")
    percent = plain.removesuffix("%")
    if _NUMBER.fullmatch(percent) and len(percent) <= _DIGITS:
        value = percent if percent == plain else f"{(Decimal(percent) / 100).normalize():f}"
        return Text(f"{value} と書いてください", f"write {value}")
    return Text("単位や記号を付けず、半角の数字だけを書いてください", "write digits only, without unit or other signs")


PART = Number(Text("0以上1以下の数（小数点以下4桁まで）", "a number from 0 to 1 with at most 4 decimals"), 0, 1, PARTS)
MOISTURE = Number(
    Text(
        "0以上1未満の数（湿量基準、小数点以下4桁まで）",
        "a number from 0 to below 1 (wet basis) with at most 4 decimals",
    ),
    0,
    1,
    PARTS,
    below_high=True,
)
YEARS = Number(Text("0以上1,000以下の整数（年）", "a whole number of years from 0 to 1,000"), 0, 1_000)
FISCAL_YEAR = Number(Text("西暦の年度（2014 など）", "a fiscal year such as 2014"), 1_900, 9_999)
AREA = Number(
    Text("0以上の面積（ヘクタール、小数点以下4桁まで）", "an area of at least 0 in hectares with at most 4 decimals"),
    0,
    MOST,
    10_000,
)
VOLUME = Number(
    Text("0以上の材積（立方メートル、小数点以下6桁まで）", "a volume of at least 0 in m³ with at most 6 decimals"),
    0,
    MOST,
    1_000_000,
)
AMOUNT = Number(
    Text("0より大きく10,000,000以下の数", "a number above 0 and up to 10,000,000"), 0, MOST, scale=None, above_low=True
)


@dataclass(frozen=True, slots=True)
class _Written:
    """A quantity as the file has it."""

    value: Decimal
    unit: Unit
    moisture: int | None = None


QUANTITY = Converted(
    Record(_Written, (Key("value", AMOUNT), Key("unit", Choice(Unit)), Key("moisture", MOISTURE))),
    into=lambda w: Quantity(to_base(w.value, w.unit.scale), w.unit, w.moisture),
    back=lambda q: _Written(q.value, q.unit, q.moisture),
    blamed="value",
    refusal=TOO_FINE,
    remedy=Text(
        "1 g または 1 cm³ までにしてください（kg は小数点以下3桁、t と m3 は6桁まで）",
        "write nothing finer than 1 g or 1 cm³ (3 decimals in kg, 6 in t and m3)",
    ),
)


_TOGETHER = Text(
    "区分と割合の組で合計 1（{thinned: 0.7, general: 0.3} など）",
    "class: share, together 1, such as {thinned: 0.7, general: 0.3}",
)


@dataclass(frozen=True, slots=True)
class Shares:
    """class: share, together 1."""

    expected: Text = _TOGETHER

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Mapping):
            return reading.refuse(node, path, Text("区分と割合の組ではありません", "no group of shares"), self.expected)
        kind = Choice(FuelClass)
        shares = [
            (read_value(kind, name, path, reading), read_value(PART, value, below(path, visible(name.text)), reading))
            for name, value in node.entries
        ]
        if any(BAD in pair for pair in shares):
            return BAD
        built = tuple(Share(fuel_class, parts) for fuel_class, parts in shares)  # type: ignore[arg-type]  # read as such
        total = sum(s.parts for s in built)
        if total != PARTS:
            together = f"{Decimal(total) / PARTS}"
            message = Text(f"割合の合計が {together} です", f"the shares add up to {together}")
            return reading.refuse(node, path, message, self.expected)
        return built

    def write(self, value: tuple[Share, ...]) -> Tree:
        return {str(s.fuel_class): PART.write(s.parts) for s in value}
