"""The lots of one plant with their verdicts: some that are named, or all of a span; of a ledger or a casebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from biotrace.documents.casebook import read_casebook
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.verify.case import Case, case_of_casebook
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.span import Span
from biotrace.verify.verdict import LotVerdict, judge, pronounce

from .copies_at_hand import CopiesAtHand
from .files import read_file
from .find import find_lot, find_party, no_such_lot, the_lot
from .ledger_case import case_of_ledger, read_ledger
from .log_verdict import watch_log
from .lot_check import LotCheck, Order
from .lot_world import World
from .report_material import Material
from .report_parts import numbered
from .shipped import municipalities
from .times import day_of
from .trust_list import trust_now
from .workspace import Workspace

_SHOWN = 5
_DIGITS = re.compile(r"(\d+)")
Lot = Certificate | Delivery
_NAME_IT = Text("--plant で発電所のIDか名称を指定してください", "name the plant, by id or name, with --plant")


@dataclass(frozen=True, slots=True)
class PlantLots:
    """Lots and what they are told by; ``material.party`` is the plant. ``span``: of the lots; None: of any day.

    ``named``: they were asked for one by one.
    """

    material: Material
    lots: tuple[LotVerdict, ...]
    span: Span | None
    named: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lots. ``plant``: name or id; None: whose the named lots are, else the workspace's own party.

    ``lots``: names, numbers or record ids; none: all of the plant's, in ``span`` where there is one.
    """

    plant: str | None = None
    lots: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _World:
    """A case, what signers call its records, and how many damaged entries are not in it."""

    case: Case
    subjects: Mapping[str, str]
    damaged: int = 0

    def material(self, plant: Party) -> Material:
        return Material(self.case, plant, RINYA_2012, self.subjects, {}, self.damaged)

    def judged(self, lots: Sequence[str]) -> tuple[LotVerdict, ...]:
        return pronounce(tuple(dict.fromkeys(lots)), self.case, fold(self.case, RULES, RINYA_2012).judged)

    def called(self, value: Certificate | Delivery) -> str:
        number = value.number if isinstance(value, Certificate) else None
        return number or self.subjects.get(value.id, value.id)


def lots_of_casebook(path: Path, wanted: Wanted) -> PlantLots:
    """Of a casebook, judged as ``check`` does. Raises UsageError for a lot or plant that is not there."""
    book = read_casebook(read_file(path), path.name)
    world = _World(case_of_casebook(book, municipalities=municipalities()), {})
    if wanted.lots:
        return _named(world, world.judged([_id_in(world.case, text, path) for text in wanted.lots]), wanted.plant)
    return _of_plant(world, _plant(world.case, wanted.plant), wanted.span)


def lots_of_ledger(workspace: Workspace, wanted: Wanted) -> PlantLots:
    """Of a ledger: named lots by what bears on them (see ``LotCheck``), else all that it holds is read.

    Raises UsageError for a lot or plant that is not there.
    """
    if wanted.lots:
        check = LotCheck(workspace.ledger, trust_now(workspace))
        if check.applies():
            return _checked(workspace, check, wanted)
    return _read(workspace, wanted)


def _checked(workspace: Workspace, check: LotCheck, wanted: Wanted) -> PlantLots:
    watched = watch_log(workspace)
    order = Order(day_of(workspace.clock()), files=CopiesAtHand(workspace.folder), watched=watched)
    places: dict[int, str] = {}

    def find(connection: Connection, world: World) -> Collection[int]:
        places.update({the_lot(connection, text, world.damage).position: text for text in wanted.lots})
        return places

    told = check.together(find, order)
    seen = told.seen
    read = {entry.order for entry in seen.case.entries}
    for position, text in places.items():
        if position not in read:
            raise no_such_lot(text, seen.damage)
    broken = {(f.position, f.record_id) for f in seen.damage if not f.is_notice}
    return _named(_World(seen.case, seen.subjects, len(broken)), told.lots, wanted.plant)


def _read(workspace: Workspace, wanted: Wanted) -> PlantLots:
    watched = watch_log(workspace)
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    today = day_of(workspace.clock())
    case = case_of_ledger(reading.logged, today, None, reading.outside, None, CopiesAtHand(workspace.folder))
    broken = {(f.position, f.record_id) for f in reading.damaged if not f.is_notice}
    world = _World(watched.void(case), reading.subjects(), len(broken))
    if wanted.lots:
        ids = [find_lot(reading, text).record.record_id.hex() for text in wanted.lots]
        return _named(world, world.judged(ids), wanted.plant)
    return _of_plant(world, _plant(world.case, wanted.plant, workspace.party), wanted.span)


def _of_plant(world: _World, plant: Party, span: Span | None) -> PlantLots:
    entries = {e.value.id: e.value for e in world.case.entries}
    lots = tuple(
        lot
        for lot in judge(world.case, RINYA_2012).lots
        if arrived_at(entries[lot.id]) == plant.id and (span is None or entries[lot.id].date in span)
    )
    if not lots:
        when = same("" if span is None else f" ({span})")
        raise UsageError(
            Text(f"{plant.name} への納入がありません", f"nothing was delivered to {plant.name}") + when,
            Text("--plant と期間を確かめてください", "look at --plant and the period"),
            code="no-lots",
        )
    return PlantLots(world.material(plant), lots, span, named=False)


def _plant(case: Case, asked: str | None, own: str = "") -> Party:
    """The plant asked for, one's own, or the only one that anything came to. Raises UsageError."""
    if asked is not None:
        found = find_party(case.parties.values(), asked)
        if found.id in case.plants:
            return found
        raise UsageError(
            Text(f"{found.name} は発電事業者ではありません", f"{found.name} is no power plant"),
            Text("--plant で発電事業者を指定してください", "name a power plant with --plant"),
            code="no-plant",
        )
    if own in case.plants:
        return case.parties[own]
    plants = [case.parties[p] for p in dict.fromkeys(arrived_at(e.value) for e in case.entries) if p in case.plants]
    if len(plants) == 1:
        return plants[0]
    raise which_plant(plants)


def _named(world: _World, lots: tuple[LotVerdict, ...], asked: str | None) -> PlantLots:
    entries = {e.value.id: e.value for e in world.case.entries}
    values = [entries[lot.id] for lot in lots]
    plant = one_plant(values, world.case, world.called, asked)
    return PlantLots(world.material(plant), lots, None, named=True)


def one_plant(
    values: Sequence[Lot],
    case: Case,
    called: Callable[[Lot], str],
    asked: str | None = None,
    remedy: Text = _NAME_IT,
) -> Party:
    """The plant that all these lots came to.

    A certificate and a delivery under it must not both be among them: they are the same wood, and would count twice.
    ``called``: what people call a lot; ``asked``: the plant's name or id; ``remedy``: what to do where there are
    several. Raises UsageError for lots of other plants, of none, and of several where none is asked for.
    """
    by_id = {value.id: value for value in values}
    for value in values:
        if arrived_at(value) not in case.plants:
            raise UsageError(
                same(f"{called(value)}: ") + Text("発電所への納入ではありません", "is no delivery to a power plant"),
                Text("発電所に着いたロットを指定してください", "name lots that came to a plant"),
                code="no-plant",
            )
        paper = by_id.get(value.certificate or "") if isinstance(value, Delivery) else None
        if paper is not None:
            raise UsageError(
                Text("納入と、その証明書の両方が指定されています: ", "a delivery and its certificate are both named: ")
                + numbered([called(value), called(paper)]),
                Text("同じ木材なので、納入だけを指定してください", "it is the same wood: name the delivery alone"),
                code="same-wood",
            )
    plants = [case.parties[p] for p in dict.fromkeys(map(arrived_at, values))]
    if asked is None and len(plants) > 1:
        raise which_plant(plants, remedy)
    plant = plants[0] if asked is None else find_party(case.parties.values(), asked)
    strays = [called(value) for value in values if arrived_at(value) != plant.id]
    if strays:
        raise UsageError(
            Text(f"{plant.name} への納入ではありません: ", f"not delivered to {plant.name}: ")
            + numbered(strays, _SHOWN),
            Text("一つの発電所のロットだけを指定してください", "name the lots of one plant"),
            code="other-plant",
        )
    return plant


def which_plant(plants: Iterable[Party], remedy: Text = _NAME_IT) -> UsageError:
    """That a plant has to be named, and which there are: by id, plant-2 before plant-11."""
    named = [f"{p.name} ({p.id})" for p in sorted(plants, key=lambda p: _numbers_apart(p.id))]
    none = Text("発電所への納入がない", "nothing was delivered to any")
    return UsageError(
        Text("どの発電所か分かりません: ", "which plant is it? ") + (numbered(named, _SHOWN) if named else none),
        remedy,
        code="which-plant",
    )


def _id_in(case: Case, text: str, path: Path) -> str:
    """The lot of a casebook that a text means: its id, or its number."""
    values = [e.value for e in case.entries]
    numbered = [v.id for v in values if isinstance(v, Certificate) and v.number == text]
    found = [v.id for v in values if v.id == text] or numbered
    if len(found) == 1:
        return found[0]
    none = Text(f"「{text}」という納入も証明書もありません", f"holds no delivery or certificate {text}")
    many = Text(f"「{text}」に当たる証明書が{len(found)}件あります", f"{text} means {len(found)} certificates")
    raise UsageError(
        same(f"{path}: ") + (many if found else none),
        Text("casebook の id で指定してください", "name it by its id in the casebook"),
        code="no-such-lot",
    )


def _numbers_apart(text: str) -> list[tuple[int, str]]:
    """A key by which numbers in texts sort as numbers."""
    return [(int(part) if part.isdecimal() else -1, part) for part in _DIGITS.split(text)]


def arrived_at(value: Lot) -> str:
    """Who took the lot in, or is to: a party id; empty where a certificate names no buyer."""
    return value.at if isinstance(value, Delivery) else value.buyer or ""
