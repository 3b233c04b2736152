"""What the applications 別記1 and 別記1ア ask about the business, and how their items print it."""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.documents.forms.flow import Flow
from biotrace.documents.forms.sheet import BODY, RIGHT
from biotrace.model.text import Text

from . import parts

NOTE = "その他には、資格（ISO、JAS等）を持っていれば記入してください。"
_AIR = 3.0  # mm after an item
_LABEL = 18.0  # mm from a label to the line at its right

_FOUNDED = Text("創業年、従業員数", "year of foundation, number of employees")
GOODS = Text("主要品目、年間取扱数量", "main products")
PREMISES = Text("敷地、建物及び施設の配置状況", "premises")
POLICY = Text("分別管理及び書類管理の方針", "policy")
OTHER = Text("その他", "other")


@dataclass(frozen=True, slots=True)
class Goods:
    """One of the main products, and how much of it is handled in a year, as people write it: 12,000 t."""

    name: str
    yearly: str | None = None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """創業年, 従業員数, 主要品目、年間取扱数量, 配置状況, その他, as people write them. None, or nothing: left open."""

    founded: str | None = None
    employees: str | None = None
    goods: tuple[Goods, ...] = ()
    premises: str | None = None
    other: str | None = None

    @property
    def products(self) -> str | None:
        """The main products, one a line."""
        return "\n".join(f"{g.name}　{g.yearly}" if g.yearly else g.name for g in self.goods) or None


def founded(flow: Flow, number: int, name: str, said: Enterprise) -> None:
    """創業年 and 従業員数 side by side, with a line to write on for what is not known."""
    x = parts.item(flow, number, name)
    half = (RIGHT - x) / 2
    flow.room(BODY.line)
    for at, label, value in ((x, "創業年", said.founded), (x + half, "従業員数", said.employees)):
        flow.sheet.write(label, at, flow.y, half, BODY)
        if value is None:
            parts.rule(flow, at + _LABEL, half - _LABEL - 6, BODY)
        else:
            flow.sheet.write(parts.checked(value, _FOUNDED), at + _LABEL, flow.y, half, BODY)
    flow.y += BODY.line
    flow.gap(_AIR)


def about(flow: Flow, number: int, name: str, enclosed: str, said: str | None, field: Text) -> None:
    """An item and what is said of it; for None what the form says is enclosed, and a line to write on."""
    x = parts.item(flow, number, name, "" if said else enclosed)
    if said is None:
        parts.blank(flow, x)
    else:
        parts.values(flow, said.split("\n"), x, field)
    flow.gap(_AIR)


def enclosed(flow: Flow, number: int, name: str) -> None:
    """An item that is answered by another paper, which ``name`` says."""
    parts.item(flow, number, name)
    flow.gap(_AIR)
