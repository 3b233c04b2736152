"""What a mill asks to have certified, and the certificate that this makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw, Form, Goods, Medium, Origin, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.party import Party
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, join, same

from .find import find_lot
from .ledger_case import Reading
from .numbers import next_number
from .workbook_values import PRINTED

FORM_OF = {FuelClass.THINNED: Form.F2_1, FuelClass.GENERAL: Form.F2_4}
"""The processing-stage form for each class that can be certified (別記2-1, 2-4)."""
CLASSES_OF = {
    Form.F2_1: (FuelClass.THINNED,),
    Form.F2_2: (FuelClass.THINNED, FuelClass.GENERAL),
    Form.F2_3: (FuelClass.GENERAL,),
    Form.F2_4: (FuelClass.GENERAL,),
}
"""What each processing-stage form can certify."""
USUAL_PROCESS = {
    Goods.LOGS: Process.TRADING,
    Goods.OFFCUTS: Process.SAWING,
    Goods.SAWDUST: Process.SAWING,
    Goods.BARK: Process.SAWING,
}
"""What is usually done to make the goods; chipping for all others."""
RESIDUES = {Goods.OFFCUTS: Origin.OFFCUTS, Goods.SAWDUST: Origin.SAWDUST, Goods.BARK: Origin.BARK}
"""The residue (別記2-3 の1) that goods are by themselves."""
CANDIDATE = "(これから発行)"
"""Stands for the record id that the certificate will have."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be certified. ``draws``: certificates to draw on, with quantities; empty: first in, first out.

    ``form`` None: 2-1 or 2-4 by the class. ``goods``, ``process`` None: the usual ones. ``from_site``: the yard that it
    leaves, in part; draws then come from there. ``remember``: take what is left open from the last certificate to that
    buyer. ``price``: of the whole lot, in yen without tax; the record only seals it. ``scans``: files to hold with it.
    """

    buyer: str
    quantity: Quantity
    fuel_class: FuelClass
    day: date
    number: str | None = None
    species: tuple[str, ...] = ()
    goods: Goods | None = None
    process: Process | None = None
    vehicle: str | None = None
    to_site: str | None = None
    draws: tuple[tuple[str, Quantity], ...] = ()
    price: int | None = None
    form: Form | None = None
    medium: Medium | None = None
    from_site: str | None = None
    origins: tuple[Origin, ...] = ()
    remember: bool = False
    scans: tuple[Path, ...] = ()

    @property
    def on_form(self) -> Form:
        """The form asked for, or the usual one of the class."""
        return self.form or FORM_OF[self.fuel_class]

    @property
    def made_of(self) -> tuple[FuelClass, ...]:
        """The classes that it may draw on: a 2-3 says that the logs were either."""
        both = (FuelClass.THINNED, FuelClass.GENERAL)
        return both if self.form is Form.F2_3 else (self.fuel_class,)

    @property
    def done(self) -> Process:
        """What was done to the wood, as said or as usual for the goods."""
        return self.process or USUAL_PROCESS.get(self.made, Process.CHIPPING)

    @property
    def made(self) -> Goods:
        """The goods, as said or as usual: of sawmill residues offcuts, else chips."""
        return self.goods or (Goods.OFFCUTS if self.form is Form.F2_3 else Goods.CUTTING_CHIPS)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A request with what the last certificate to that buyer filled in, which it then tells. ``told`` None: nothing."""

    request: Request
    told: Text | None = None


def remembered(request: Request, seller: Party, buyer: Party, certificates: Iterable[Certificate]) -> Remembered:
    """What is left open as on the last certificate to that buyer. The vehicle, of all things, is worth a look."""
    last = _last_to(seller, buyer, request, certificates) if request.remember else None
    if last is None:
        return Remembered(request)
    filled: dict[str, Any] = {}
    for name in ("goods", "process", "vehicle", "to_site"):
        if getattr(request, name) is None and getattr(last, name) is not None:
            filled[name] = getattr(last, name)
    if request.goods not in (None, last.goods):
        filled.pop("process", None)
    if not filled:
        return Remembered(request)
    words = [
        _NAMES[name] + same(" ") + (label(v) if isinstance(v, Goods | Process) else same(v))
        for name, v in filled.items()
    ]
    number = last.number or last.date
    told = Text(f"前回 {last.form}/{number} と同じにしました: ", f"as on the last one, {last.form}/{number}: ")
    return Remembered(replace(request, **filled), told + join(words))


_NAMES = {
    "goods": Text("品目", "goods"),
    "process": Text("加工", "process"),
    "vehicle": Text("車番", "vehicle"),
    "to_site": Text("納入場所", "delivered to"),
}


def _last_to(seller: Party, buyer: Party, request: Request, certificates: Iterable[Certificate]) -> Certificate | None:
    alike = [
        c
        for c in certificates
        if (c.seller, c.buyer, c.form) == (seller.id, buyer.id, request.on_form) and c.fuel_class is request.fuel_class
    ]
    return max(reversed(alike), key=lambda c: c.date, default=None)


def check_request(
    request: Request, seller: Party, buyer: Party, today: date, certificates: Iterable[Certificate]
) -> None:
    """Raise UsageError for what no certificate can say."""
    if request.fuel_class not in FORM_OF:
        name = request.fuel_class.label
        raise UsageError(
            Text(f"{name.ja}の証明書はありません", f"no form certifies {name.en}"),
            Text("thinned か general を指定してください", "choose thinned or general"),
        )
    classes = CLASSES_OF[request.on_form]
    if request.fuel_class not in classes:
        of_form, asked = join([c.label for c in classes], "・", " or "), request.fuel_class.label
        raise UsageError(
            Text(
                f"別記{request.on_form} は{of_form.ja}の様式で、{asked.ja}は証明できません",
                f"form {request.on_form} certifies {of_form.en}, not {asked.en}",
            ),
            Text("--form か --class を直してください", "correct --form or --class"),
        )
    check_terms(seller, buyer.id, request.day, request.number, today, certificates)


def check_terms(
    seller: Party, buyer: str | None, day: date, number: str | None, today: date, certificates: Iterable[Certificate]
) -> None:
    """Raise UsageError for a certificate to oneself, of a day to come, or under a number used before."""
    if seller.id == buyer:
        raise UsageError(
            Text("自社あての証明書は発行できません", "you cannot issue a certificate to yourself"),
            Text("--to に販売先を指定してください", "name the buyer with --to"),
        )
    if day > today:
        raise UsageError(
            Text(f"証明日 {day} は今日（{today}）より後です", f"the day of issue, {day}, is after today, {today}"),
            Text("納入の日に発行してください", "issue it on the day of delivery"),
            code="future-date",
        )
    if number is not None and number in {n for _, n in numbers_of(seller.id, certificates)}:
        raise UsageError(
            Text(f"番号「{number}」の証明書はすでにあります", f"a certificate numbered {number} exists already"),
            Text("別の番号にするか、--number を省いてください", "choose another number, or leave --number out"),
            code="number-taken",
        )


def named_draws(request: Request, reading: Reading) -> list[Draw]:
    """The draws asked for. Raises UsageError where one is not in its certificate's own measure: Q601 counts no others.

    A draw given in kg on a certificate in t is written in t.
    """
    draws = []
    for text, quantity in request.draws:
        body = find_lot(reading, text).record.body
        if not isinstance(body, Certificate):
            raise UsageError(
                Text(f"「{text}」は納入の記録で、証明書ではありません", f"{text} is a delivery, not a certificate"),
                Text("受け取った証明書を指定してください", "name a certificate that you received"),
            )
        if not quantity.same_measure(body.quantity):
            sign = body.quantity.unit.sign
            raise UsageError(
                Text(f"「{text}」は {sign} の証明書です", f"{text} is a certificate in {sign}")
                + Text(f"（指定: {quantity}）", f" (given: {quantity})"),
                Text(f"引き当ては {sign} で書いてください", f"write the draw in {sign}"),
                code="other-unit",
            )
        draws.append(Draw(body.id, replace(quantity, unit=body.quantity.unit)))
    return draws


def certificate_for(
    request: Request,
    seller: Party,
    buyer: Party,
    draws: Sequence[Draw],
    known: Mapping[str, Certificate],
    from_site: str | None = None,
) -> Certificate:
    """The certificate, with what the request leaves open: number, accreditation number, and species as drawn on.

    ``known``: all certificates by id. ``from_site``: the yard that it leaves.
    """
    inherited = dict.fromkeys(name for d in draws for name in known[d.certificate].species)
    form = request.on_form
    residue = (RESIDUES[request.made],) if form is Form.F2_3 and request.made in RESIDUES else ()
    return Certificate(
        id=CANDIDATE,
        form=form,
        fuel_class=request.fuel_class,
        date=request.day,
        seller=seller.id,
        buyer=buyer.id,
        quantity=request.quantity,
        medium=request.medium or (Medium.DELIVERY_NOTE if form is Form.F2_2 else Medium.FORM),
        origins=request.origins or residue,
        number=request.number or next_number(request.day, numbers_of(seller.id, known.values())),
        accreditation_number=number_in_force(seller, request.day),
        species=request.species or tuple(inherited),
        statements=PRINTED[form],
        vehicle=request.vehicle,
        goods=request.made,
        process=request.done,
        draws=tuple(draws),
        from_site=from_site,
        to_site=request.to_site,
    )


def numbers_of(seller: str, certificates: Iterable[Certificate]) -> list[tuple[date, str]]:
    """Dates and numbers of the seller's certificates, in their order."""
    return [(c.date, c.number) for c in certificates if c.seller == seller and c.number is not None]


def number_in_force(party: Party, day: date) -> str | None:
    """The party's accreditation number on that day; the latest where none is in force, so that the rules can say so."""
    held = [a for a in party.accreditations if a.number is not None]
    standing = [a for a in held if a.start <= day and (a.revoked is None or day < a.revoked)]
    valid = [a for a in standing if a.until is None or day <= a.until]
    chosen = (valid or held)[-1:]
    return chosen[0].number if chosen else None
