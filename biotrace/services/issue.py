"""Issuing a processing certificate that draws on what was received, first in first out unless told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw, Form, Goods, Process, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.verify.case import Case, Entry, Evidence
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.rules import RULES
from biotrace.verify.species import group_of
from biotrace.verify.subject import Closed
from biotrace.verify.tonnage import bone_dry
from biotrace.verify.verdict import Status, pronounce

from .ledger_case import Logged, case_of_ledger, read_ledger
from .paper import certificate_pdf
from .times import day_of
from .verify import find_lot
from .workspace import Workspace

FORM_OF = {FuelClass.THINNED: Form.F2_1, FuelClass.GENERAL: Form.F2_4}
"""The processing-stage form for each class that can be certified (別記2-1, 2-4)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be certified. ``draws``: certificates to draw on, with quantities; empty: first in, first out."""

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


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that is now in the ledger, what it draws on (subjects), and its page."""

    logged: Logged
    draws: tuple[tuple[str, Quantity], ...]
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was issued: what the rules would not confirm, or what is missing."""

    reasons: tuple[Text, ...]
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()


def issue(workspace: Workspace, request: Request) -> Issued | Refused:
    """Make, judge, sign and log a certificate; nothing is written unless the rules confirm it.

    Raises UsageError for a request that names unknown parties or certificates, or a class that cannot be certified.
    """
    reading = read_ledger(workspace.ledger)
    if reading.damaged:
        return Refused((Text("台帳に壊れた記録があります", "the ledger holds damaged records"),))
    case = case_of_ledger(reading.logged, day_of(workspace.clock()))
    seller = case.parties[workspace.party]
    buyer = _buyer(request.buyer, case)
    folded = fold(case, RULES, RINYA_2012)
    stock = _stock(folded.state.closed.values(), case, workspace.party, request)
    if request.draws:
        named = [(find_lot(reading, text).record.record_id.hex(), quantity) for text, quantity in request.draws]
        draws: Sequence[Draw] | Refused = [Draw(certificate, quantity) for certificate, quantity in named]
    else:
        draws = _first_in_first_out(stock, request)
    if isinstance(draws, Refused):
        return draws
    certificate = _certificate(request, seller, buyer, draws, reading.logged)
    refused = _judge(case, certificate)
    if refused is not None:
        return refused
    names = {seller.id: seller.name, buyer.id: buyer.name}
    now = workspace.clock()
    subject = f"{certificate.form}/{certificate.number}"
    unnamed = replace(certificate, id="")
    record = workspace.signer().sign(RecordKind.CERTIFICATE, subject, unnamed, now, names)
    # The page is drawn first: a certificate that cannot be printed is not issued.
    pdf = certificate_pdf(reading, Logged(len(reading.logged), now, record))
    entry = workspace.ledger.append([record], now)[0]
    subjects = reading.subjects()
    drawn = tuple((subjects[d.certificate], d.quantity) for d in draws)
    return Issued(Logged(entry.position, entry.logged_at, entry.record), drawn, pdf)


def _buyer(text: str, case: Case) -> Party:
    by_name = [p for p in case.parties.values() if text in (p.id, p.name)]
    if by_name:
        return by_name[0]
    near = difflib.get_close_matches(text, [*case.parties, *(p.name for p in case.parties.values())], 1)
    hint = Text(f"（近いもの: {near[0]}）", f" (nearest: {near[0]})") if near else Text("", "")
    raise UsageError(
        Text(f"販売先「{text}」を知りません", f"buyer {text} is not known") + hint,
        Text("台帳にある当事者のIDか名前を指定してください", "name a party of the ledger by id or name"),
        code="no-such-party",
    )


@dataclass(frozen=True, slots=True)
class _InStock:
    """A received certificate with something left, in base units of its own unit and in bone-dry grams."""

    closed: Closed
    left: int
    dry: int


def _stock(received: Iterable[Closed], case: Case, party: str, request: Request) -> list[_InStock]:
    """What was received in the class asked for and is confirmed as that, oldest first."""
    stock = []
    for closed in received:
        left = closed.quantity.amount - closed.used
        usable = (
            closed.buyer == party
            and closed.fuel_class is request.fuel_class
            and closed.composition.lowest is request.fuel_class
            and not closed.incomplete
            and closed.date <= request.day
            and case.withdrawn(closed.certificate) is None
        )
        dry = bone_dry(replace(closed.quantity, amount=left), closed.group, RINYA_2012) if usable and left > 0 else None
        if dry is not None and dry.grams > 0:
            stock.append(_InStock(closed, left, dry.grams))
    return sorted(stock, key=lambda s: s.closed.date)


def _first_in_first_out(stock: Sequence[_InStock], request: Request) -> list[Draw] | Refused:
    """Draws that cover the request bone-dry, at the profile's factors, from the oldest certificate on."""
    wanted = bone_dry(request.quantity, group_of(request.species), RINYA_2012)
    if wanted is None:
        reason = Text(f"{request.quantity} を全乾重量に換算できません", f"{request.quantity} has no bone-dry weight")
        return Refused((reason + Text("。--from で引き当てを指定してください", "; name the draws with --from"),))
    missing = wanted.grams
    draws = []
    for held in stock:
        if missing <= 0:
            break
        taken = min(held.left, -(-missing * held.left // held.dry))  # rounded up
        draws.append(Draw(held.closed.certificate, Quantity(taken, held.closed.quantity.unit)))
        missing -= min(missing, held.dry)
    if missing > 0:
        have = wanted.grams - missing
        return Refused((_short(wanted.grams, have, request.fuel_class),))
    return draws


def _short(wanted: int, have: int, fuel_class: FuelClass) -> Text:
    numbers = [f"{grams / 1_000_000:,.3f}" for grams in (wanted, have, wanted - have)]
    return Text(
        f"{fuel_class.label.ja}の在庫が足りません: 全乾で {numbers[0]} t 必要、引き当て可能 {numbers[1]} t、"
        f"不足 {numbers[2]} t",
        f"not enough {fuel_class.label.en} in stock: {numbers[0]} bone-dry t wanted, {numbers[1]} t to draw on, "
        f"{numbers[2]} t missing",
    ) + Text(
        "（受け取った証明書のうち、区分が確認できたものだけを数えます）", " (received and confirmed certificates only)"
    )


def _certificate(
    request: Request,
    seller: Party,
    buyer: Party,
    draws: Sequence[Draw],
    logged: Sequence[Logged],
) -> Certificate:
    form = FORM_OF.get(request.fuel_class)
    if form is None:
        raise UsageError(
            Text(
                f"{request.fuel_class.label.ja}の証明書はありません", f"no form certifies {request.fuel_class.label.en}"
            ),
            Text("thinned か general を指定してください", "choose thinned or general"),
        )
    drawn = {d.certificate for d in draws}
    bodies = [e.record.body for e in logged if isinstance(e.record.body, Certificate)]
    inherited = dict.fromkeys(name for c in bodies if c.id in drawn for name in c.species)
    return Certificate(
        id=_CANDIDATE,
        form=form,
        fuel_class=request.fuel_class,
        date=request.day,
        seller=seller.id,
        buyer=buyer.id,
        quantity=request.quantity,
        number=request.number or _next_number(seller.id, request.day, bodies),
        accreditation_number=_number_in_force(seller, request.day),
        species=request.species or tuple(inherited),
        statements=(Statement.ALL_OF_CLASS, Statement.SEGREGATED),
        vehicle=request.vehicle,
        goods=request.goods,
        process=request.process,
        draws=tuple(draws),
        to_site=request.to_site,
    )


_CANDIDATE = "(これから発行)"


def _next_number(seller: str, day: date, certificates: Iterable[Certificate]) -> str:
    """Fiscal year (from April) and a running number that the seller has not used."""
    year = day.year - (day.month < 4)
    used = {c.number for c in certificates if c.seller == seller}
    return next(n for i in range(1, len(used) + 2) if (n := f"{year}-{i:04}") not in used)


def _number_in_force(party: Party, day: date) -> str | None:
    """The party's accreditation number on that day; the latest where none is in force, so that the rules can say so."""
    held = [a for a in party.accreditations if a.number is not None]
    valid = [a for a in held if a.start <= day and (a.until is None or day <= a.until)]
    chosen = (valid or held)[-1:]
    return chosen[0].number if chosen else None


def _judge(case: Case, certificate: Certificate) -> Refused | None:
    """What the rules would say of the certificate at the head of the log; None where they confirm it."""
    order = max((e.order for e in case.entries), default=0) + 1
    trial = replace(case, entries=(*case.entries, Entry(order, certificate, Evidence.SIGNED)))
    judged = fold(trial, RULES, RINYA_2012).judged
    verdict = pronounce([certificate.id], trial, judged)[0]
    bad = tuple(f for f in verdict.findings if not f.is_notice)
    open_questions = tuple(u for u in verdict.not_checked if u.decisive)
    if not bad and verdict.status is Status.COMPLETE and verdict.confirmed is certificate.fuel_class:
        return None
    reason = Text(
        f"{certificate.fuel_class.label.ja}として確認できないため発行しません",
        f"not issued: the rules would not confirm it as {certificate.fuel_class.label.en}",
    )
    return Refused((reason,), bad, open_questions)
