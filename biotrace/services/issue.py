"""Issuing a processing certificate that draws on what was received, first in first out unless told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.party import Party
from biotrace.model.private import PrivateField
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text
from biotrace.verify.case import Entry, Evidence
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import Status, pronounce

from .files import require_new, staged
from .find import find_party
from .ledger_case import Reading, case_of_ledger, integrity_finding, read_ledger
from .logged import Logged
from .paper import certificate_pdf, pdf_name
from .private_fields import private
from .request import FORM_OF, Request, certificate_for, check_request, named_draws
from .stock import Drawn, Received, Wanted, first_in_first_out, received, unfit
from .times import day_of
from .trust_list import trust_now
from .workspace import Workspace

PDF_FOLDER = "pdf"


@dataclass(frozen=True, slots=True)
class DrawnOn:
    """A draw as people read it: the certificate's subject and id, how much was taken, and what is left, if anything."""

    subject: str
    certificate: str
    quantity: Quantity
    left: Quantity | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that is now in the ledger, or, in a rehearsal, could be: then without ``logged`` and ``path``."""

    certificate: Certificate
    buyer: Party
    draws: tuple[DrawnOn, ...]
    notes: tuple[Text, ...]
    logged: Logged | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was issued: what the rules would not confirm, or what is missing.

    ``unusable``: certificates with something left that could not be drawn on, each with the reason. ``subjects``:
    record id -> what its signer calls it.
    """

    reasons: tuple[Text, ...]
    subjects: dict[str, str]
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    unusable: tuple[tuple[str, Quantity, Text], ...] = ()


def issue(
    workspace: Workspace, request: Request, out: Path | None = None, *, rehearse: bool = False
) -> Issued | Refused:
    """Make, judge, sign and log a certificate, and write its PDF; nothing is written unless the rules confirm it.

    ``out``: the PDF; without it, a name in the workspace's ``pdf`` folder. ``rehearse``: stop before signing. Raises
    UsageError for a request that names unknown parties or certificates, or that no certificate can meet.
    """
    if out is not None:
        require_new(out)
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    if reading.broken:
        return _damaged(reading)
    today = day_of(workspace.clock())
    case = case_of_ledger(reading.logged, today, None, reading.outside)
    seller = find_party(case.parties.values(), workspace.party)
    buyer = find_party(case.parties.values(), request.buyer)
    check_request(request, seller, buyer, today, case.by_id.values())
    stock = received(fold(case, RULES, RINYA_2012), case, seller.id, request.day)
    draws = named_draws(request, reading) if request.draws else _oldest(stock, request, reading)
    if isinstance(draws, Refused):
        return draws
    certificate = certificate_for(request, seller, buyer, draws, case.by_id)
    if (refused := _judge(workspace, certificate, reading)) is not None:
        return refused
    result = Issued(certificate, buyer, _drawn_on(draws, stock, reading), tuple(_notes(certificate, today)))
    if rehearse:
        return result
    now = workspace.clock()
    names = {seller.id: seller.name, buyer.id: buyer.name}
    subject = f"{certificate.form}/{certificate.number}"
    prices = () if request.price is None else (private(PrivateField.PRICE_YEN, request.price),)
    signed = replace(certificate, id="", sealed=tuple(field.sealed for field in prices))
    record = signer.sign(RecordKind.CERTIFICATE, subject, signed, now, names)
    path = out or workspace.folder / PDF_FOLDER / pdf_name(record)
    # Drawn and laid on the disk first: a certificate that cannot be printed or stored is not issued.
    pdf = certificate_pdf(reading, Logged(len(reading.logged), now, record))
    logged: Logged | None = None
    try:
        with staged(path, pdf):
            entry = workspace.log([record], now, [field.of(record.record_id) for field in prices])[0]
            logged = Logged(entry.position, entry.logged_at, entry.record)
    except (UsageError, KeyboardInterrupt) as error:
        if logged is None:
            raise
        raise _without_pdf(logged, error) from None
    return replace(result, logged=logged, path=path)


def _damaged(reading: Reading) -> Refused:
    reason = Text(
        "台帳に壊れた記録があります。控えから戻すまで発行できません",
        "the ledger holds damaged records: nothing is issued until it is restored from a backup",
    )
    return Refused((reason,), reading.subjects(), tuple(map(integrity_finding, reading.broken)))


def _oldest(stock: Sequence[Received], request: Request, reading: Reading) -> Sequence[Draw] | Refused:
    """Draws on the oldest certificates, or what is short, and what could not be used."""
    wanted = Wanted(request.quantity, request.fuel_class, request.process, request.species)
    drawn = first_in_first_out(stock, wanted)
    if drawn.covered >= request.quantity.amount:
        return drawn.draws
    subjects = reading.subjects()
    of_class = (held for held in stock if held.closed.fuel_class is wanted.fuel_class)
    unusable = ((held, reason) for held in of_class if (reason := unfit(held, wanted)) is not None)
    return Refused(
        (_short(wanted, drawn), *_other_class(stock, wanted)),
        subjects,
        unusable=tuple((subjects[held.closed.certificate], held.quantity_left, reason) for held, reason in unusable),
    )


def _short(wanted: Wanted, drawn: Drawn) -> Text:
    name, whole = wanted.fuel_class.label, wanted.quantity
    if not drawn.covered:
        return Text(
            f"引き当てられる{name.ja}の在庫がありません（{whole} 必要）",
            f"there is no {name.en} in stock to draw on ({whole} wanted)",
        )
    covered, missing = (replace(whole, amount=a) for a in (drawn.covered, whole.amount - drawn.covered))
    return Text(
        f"{name.ja}の在庫が足りません: {whole} のうち {covered} まで引き当て可能、{missing} 不足",
        f"not enough {name.en} in stock: {covered} of {whole} can be drawn, {missing} missing",
    )


def _other_class(stock: Sequence[Received], wanted: Wanted) -> list[Text]:
    """A hint where the other class would do."""
    enough = [
        fuel_class
        for fuel_class in FORM_OF
        if fuel_class is not wanted.fuel_class
        and first_in_first_out(stock, replace(wanted, fuel_class=fuel_class)).covered >= wanted.quantity.amount
    ]
    return [
        Text(f"{c.label.ja}なら足ります（--class {c}）", f"there is enough {c.label.en} (--class {c})") for c in enough
    ]


def _judge(workspace: Workspace, certificate: Certificate, reading: Reading) -> Refused | None:
    """What the rules would say of the certificate at the head of the log; None where they confirm it.

    Without a moisture Q602 grants the highest that can be believed; an issuer is held to the default.
    """
    positions = {entry.record.record_id.hex(): entry.position for entry in reading.logged}
    drawn = (positions.get(draw.certificate) for draw in certificate.draws)
    within = set(workspace.ledger.closure(position for position in drawn if position is not None))
    today = day_of(workspace.clock())
    case = case_of_ledger(reading.logged, today, within, reading.outside)
    tried = certificate
    if _moisture_assumed(certificate):
        tried = replace(certificate, quantity=replace(certificate.quantity, moisture=RINYA_2012.default_moisture))
    entry = Entry(len(reading.everything), tried, Evidence.SIGNED, logged=today)
    trial = replace(case, entries=(*case.entries, entry))
    judged = fold(trial, RULES, RINYA_2012).judged
    verdict = pronounce([certificate.id], trial, judged)[0]
    bad = tuple(f for f in verdict.findings if not f.is_notice)
    open_questions = tuple(u for u in verdict.not_checked if u.decisive)
    if not bad and verdict.status is not Status.INCOMPLETE and verdict.confirmed is certificate.fuel_class:
        return None
    reason = Text(
        f"{certificate.fuel_class.label.ja}として確認できません",
        f"the rules would not confirm it as {certificate.fuel_class.label.en}",
    )
    return Refused((reason,), reading.subjects(), bad, open_questions)


def _drawn_on(draws: Sequence[Draw], stock: Sequence[Received], reading: Reading) -> tuple[DrawnOn, ...]:
    left = {r.closed.certificate: r.left for r in stock}
    subjects = reading.subjects()
    drawn = []
    for draw in draws:
        left[draw.certificate] = rest = left.get(draw.certificate, 0) - draw.quantity.amount
        after = replace(draw.quantity, amount=rest) if rest > 0 else None
        drawn.append(DrawnOn(subjects[draw.certificate], draw.certificate, draw.quantity, after))
    return tuple(drawn)


def _moisture_assumed(certificate: Certificate) -> bool:
    """Whether the wood taken can only be compared at the default moisture, for want of a stated one."""
    out = certificate.quantity
    others = (d for d in certificate.draws if not d.quantity.same_measure(out))
    return out.unit.is_mass and out.moisture is None and any(others)


def _notes(certificate: Certificate, today: date) -> Iterator[Text]:
    """What the issuer should know of it all the same."""
    if _moisture_assumed(certificate):
        percent = f"{RINYA_2012.default_moisture * 100 / PARTS:g}%"
        yield Text(
            f"水分の指定がないので {percent} とみなしました。測った値は --moisture で書けます",
            f"no moisture was given, so {percent} was assumed; state a measured one with --moisture",
        )
    late, allowed = (today - certificate.date).days, RINYA_2012.allowed_delay_days
    if late > allowed:
        yield Text(
            f"証明日から {late} 日たっています。{allowed} 日を過ぎた記録には S107（注意）が付きます",
            f"{late} days have passed since its date; beyond {allowed} days S107 is a notice",
        )


def _without_pdf(logged: Logged, error: UsageError | KeyboardInterrupt) -> UsageError:
    subject, record_id = logged.record.subject, logged.record.record_id.hex()[:12]
    reason = error.message if isinstance(error, UsageError) else Text("中断しました", "interrupted")
    return UsageError(
        Text(f"{subject} は発行済みですが、PDFを書けません。", f"{subject} is issued, but not its PDF: ") + reason,
        Text(f"biotrace pdf {record_id} でPDFを作れます", f"make the PDF with biotrace pdf {record_id}"),
        code="pdf-not-written",
    )
