"""What a mill asks to have certified, and the certificate that this makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw, Form, Goods, Process, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text

from .find import find_lot
from .ledger_case import Reading

FORM_OF = {FuelClass.THINNED: Form.F2_1, FuelClass.GENERAL: Form.F2_4}
"""The processing-stage form for each class that can be certified (別記2-1, 2-4)."""
CANDIDATE = "(これから発行)"
"""Stands for the record id that the certificate will have."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be certified. ``draws``: certificates to draw on, with quantities; empty: first in, first out.

    ``price``: of the whole lot, in yen without tax; the record only seals it.
    """

    buyer: str
    quantity: Quantity
    fuel_class: FuelClass
    day: date
    number: str | None = None
    species: tuple[str, ...] = ()
    goods: Goods = Goods.CUTTING_CHIPS
    process: Process = Process.CHIPPING
    vehicle: str | None = None
    to_site: str | None = None
    draws: tuple[tuple[str, Quantity], ...] = ()
    price: int | None = None


def check_request(
    request: Request, seller: Party, buyer: Party, today: date, certificates: Iterable[Certificate]
) -> None:
    """Raise UsageError for what no certificate can say."""
    day, number = request.day, request.number
    if request.fuel_class not in FORM_OF:
        name = request.fuel_class.label
        raise UsageError(
            Text(f"{name.ja}の証明書はありません", f"no form certifies {name.en}"),
            Text("thinned か general を指定してください", "choose thinned or general"),
        )
    if seller.id == buyer.id:
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
    if number is not None and number in _numbers(seller.id, certificates):
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
    request: Request, seller: Party, buyer: Party, draws: Sequence[Draw], known: Mapping[str, Certificate]
) -> Certificate:
    """The certificate, with what the request leaves open: number, accreditation number, and species as drawn on.

    ``known``: all certificates by id.
    """
    inherited = dict.fromkeys(name for d in draws for name in known[d.certificate].species)
    return Certificate(
        id=CANDIDATE,
        form=FORM_OF[request.fuel_class],
        fuel_class=request.fuel_class,
        date=request.day,
        seller=seller.id,
        buyer=buyer.id,
        quantity=request.quantity,
        number=request.number or _next_number(request.day, _numbers(seller.id, known.values())),
        accreditation_number=_number_in_force(seller, request.day),
        species=request.species or tuple(inherited),
        statements=(Statement.ALL_OF_CLASS, Statement.SEGREGATED),
        vehicle=request.vehicle,
        goods=request.goods,
        process=request.process,
        draws=tuple(draws),
        to_site=request.to_site,
    )


def _numbers(seller: str, certificates: Iterable[Certificate]) -> set[str]:
    return {c.number for c in certificates if c.seller == seller and c.number is not None}


def _next_number(day: date, used: set[str]) -> str:
    """Fiscal year (from April) and a running number that the seller has not used."""
    year = day.year - (day.month < 4)
    return next(n for i in range(1, len(used) + 2) if (n := f"{year}-{i:04}") not in used)


def _number_in_force(party: Party, day: date) -> str | None:
    """The party's accreditation number on that day; the latest where none is in force, so that the rules can say so."""
    held = [a for a in party.accreditations if a.number is not None]
    standing = [a for a in held if a.start <= day and (a.revoked is None or day < a.revoked)]
    valid = [a for a in standing if a.until is None or day <= a.until]
    chosen = (valid or held)[-1:]
    return chosen[0].number if chosen else None
