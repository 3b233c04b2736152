"""A small YAML file with what the papers of 別記3 ask and no record states (format accreditation-answers/1).

Read as strictly as a casebook, but that a key without a value counts as left out: the template has all keys, and who
fills it in need not delete the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from biotrace.documents.casebook_amounts import FISCAL_YEAR, VOLUME
from biotrace.documents.casebook_kinds import Day
from biotrace.documents.casebook_reading import Key, ListOf, Reading, Record, Tree, found, is_null
from biotrace.documents.located import Items, Mapping, Node, Refused, Scalar, load
from biotrace.documents.problems import CasebookErrors
from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.text import Text, same

from .enterprise import Goods
from .renewal_application import YearHandled
from .values import CM3, Handled

VERSION = "accreditation-answers/1"
MOST_YEARS = 3
"""過去3年間."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the papers ask; None, or nothing: not answered.

    ``body``: the body's name, or its party id. ``code_date``: of its code of conduct. ``person_in_charge``:
    分別管理責任者. ``site``: where the policy applies. ``handled``: up to three fiscal years.
    """

    body: str | None = None
    day: date | None = None
    address: str | None = None
    representative: str | None = None
    founded: str | None = None
    employees: str | None = None
    goods: tuple[Goods, ...] = ()
    premises: str | None = None
    other: str | None = None
    person_in_charge: str | None = None
    code_date: date | None = None
    site: str | None = None
    handled: tuple[YearHandled, ...] = ()


def read_answers(data: bytes, name: str) -> Answers:
    """The answers in ``data``; ``name`` stands for the file in errors.

    Raises CasebookErrors (an UnreadableError) with every problem of the file, and UpdateNeededError for a version of
    the format that this release does not know.
    """
    if not data.strip():
        raise UnreadableError(same(f"{name}: ") + Text("何も書かれていません", "is empty"), _FIRST_LINE)
    reading = Reading(name)
    root = load(data, name, reading.problems)
    if not isinstance(root, Mapping):
        if not isinstance(root, Refused):
            reading.refuse(root, "", found(root), _ANSWERS.expected, _FIRST_LINE)
        raise CasebookErrors(reading.problems)
    _check_version(root, reading)
    entries = tuple((key, _answered(value)) for key, value in root.entries if key.text != "biotrace")
    filled = Mapping(tuple(e for e in entries if not _open(e[1])), root.line, root.column)
    answers = _ANSWERS.read(filled, "", reading)
    years = filled.get("handled")
    if isinstance(years, Items) and len(years.items) > MOST_YEARS:
        message = Text(f"{len(years.items)}年分あります", f"there are {len(years.items)} years")
        reading.refuse(years, "handled", message, Text(f"{MOST_YEARS}年分まで", f"{MOST_YEARS} at most"))
    if reading.problems or not isinstance(answers, Answers):
        raise CasebookErrors(reading.problems)
    return answers


def template(known: Answers, years: Sequence[int]) -> bytes:
    """The file to be filled in, with what is known already; ``years``: fiscal years to ask the volumes of."""
    lines = [_HEAD]
    for key, hint in _HINTS:
        value: str | date | None = getattr(known, "day" if key == "date" else key)
        said = "" if value is None else f" {json.dumps(str(value), ensure_ascii=False)}"
        lines += [f"# {hint}", f"{key}:{said}", ""]
    lines += [_GOODS, "", _HANDLED]
    handled = {year.year: year for year in known.handled}
    for year in years:
        of = handled.get(year, YearHandled(year))
        lines.append(f"- year: {year}")
        for fuel_class, volumes in (("thinned", of.thinned), ("general", of.general)):
            lines += [f"  {fuel_class}:", f"    logs_in:{_volume(volumes.logs_in)}"]
            lines += [f"    chips_out:{_volume(volumes.chips_out)}"]
    return ("\n".join(lines) + "\n").encode()


def _volume(amount: int | None) -> str:
    return "" if amount is None else f" {(Decimal(amount) / CM3).normalize():f}"


def _answered(node: Node) -> Node:
    """The node without what was left empty in it."""
    if isinstance(node, Mapping):
        entries = tuple((key, _answered(value)) for key, value in node.entries)
        return Mapping(tuple(e for e in entries if not _open(e[1])), node.line, node.column)
    if isinstance(node, Items):
        items = (_answered(item) for item in node.items)
        return Items(tuple(i for i in items if not _open(i)), node.line, node.column)
    return node


def _open(node: Node) -> bool:
    """Whether nothing is said there: no value, or a group of which nothing, or the year alone, is filled in."""
    if isinstance(node, Mapping):
        return all(key.text == "year" for key, _ in node.entries)
    return is_null(node) or (isinstance(node, Items) and not node.items)


def _check_version(root: Mapping, reading: Reading) -> None:
    version = root.get("biotrace")
    if version is None:
        message = Text("「biotrace:」（書式の版）がありません", '"biotrace:" (the version of the format) is missing')
        reading.refuse(root, "biotrace", message, same(VERSION), _FIRST_LINE)
    elif not isinstance(version, Scalar) or not re.fullmatch("accreditation-answers/[0-9]+", version.text):
        reading.refuse(version, "biotrace", found(version), same(VERSION), _FIRST_LINE)
    elif version.text != VERSION:
        raise UpdateNeededError(
            same(f"{reading.file}: ") + Text(f"版 {version.text} を読めません", f"cannot read version {version.text}"),
            Text("biotrace を更新してください", "update biotrace"),
        )


_TEXT = Text("文字か数", "text or a number")


@dataclass(frozen=True, slots=True)
class _Written:
    """Text as it is to be printed, a number too: nobody should have to put 1998 in quotation marks."""

    unit: str = ""
    expected: Text = _TEXT

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Scalar) or not node.text.strip():
            return reading.refuse(node, path, found(node), self.expected)
        text = node.text.strip()
        return text + self.unit if text.isdecimal() else text

    def write(self, value: str) -> Tree:
        return value


_FIRST_LINE = Text(f"先頭に「biotrace: {VERSION}」と書いてください", f'write "biotrace: {VERSION}" at the top')
_WRITTEN = _Written()
_VOLUMES = Record(Handled, (Key("logs_in", VOLUME), Key("chips_out", VOLUME)))
_BY_CLASS = (Key("thinned", _VOLUMES), Key("general", _VOLUMES))
_ANSWERS = Record(
    Answers,
    (
        Key("body", _WRITTEN),
        Key("date", Day(), "day"),
        Key("address", _WRITTEN),
        Key("representative", _WRITTEN),
        Key("founded", _Written("年")),
        Key("employees", _Written("名")),
        Key("goods", ListOf(Record(Goods, (Key("name", _WRITTEN), Key("yearly", _WRITTEN))), one=True)),
        Key("premises", _WRITTEN),
        Key("other", _WRITTEN),
        Key("person_in_charge", _WRITTEN),
        Key("code_date", Day()),
        Key("site", _WRITTEN),
        Key("handled", ListOf(Record(YearHandled, (Key("year", FISCAL_YEAR), *_BY_CLASS)))),
    ),
)

_HEAD = f"""# 別記1・別記1ア・別添1 に印字する内容。空欄は、紙の上で手書きする欄になります。
# What is printed on 別記1, 別記1ア and 別添1. What is left empty is a line to write on by hand.
biotrace: {VERSION}
"""
_HINTS = (
    ("body", "提出先の団体 / the body that it goes to"),
    ("date", "申請・作成の日 / date of the paper (2026-11-22, 令和8年11月22日)"),
    ("address", "事業者の所在地 / address"),
    ("representative", "代表者の氏名 / representative"),
    ("founded", "創業年 / year of foundation (1998)"),
    ("employees", "従業員数 / employees (12)"),
    ("premises", "敷地・建物・施設の配置状況 / premises (別添 配置図のとおり)"),
    ("other", "その他（資格 ISO、JAS等） / other, such as ISO or JAS"),
    ("person_in_charge", "別添1: 分別管理責任者の氏名 / 別添1: person in charge"),
    ("code_date", "別添1: 団体の自主行動規範の日付 / 別添1: date of the body's code of conduct"),
    ("site", "別添1: 適用する事業所（空欄なら様式どおり 当社製材工場） / 別添1: where it applies"),
)
_GOODS = """# 主要品目と年間取扱数量 / main products (name: 切削チップ, yearly: 12,000 t)
goods:
- name:
  yearly:"""
_HANDLED = """# 別記1ア: 過去3年間の取扱実績量、㎥（原木入荷量 logs_in、チップ等出荷量 chips_out）
# 別記1ア: volumes handled in the last three fiscal years, in m³ of solid wood
handled:"""
