"""Why nothing is issued: what the rules would not confirm, or what the stock is short of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from biotrace.errors import UsageError
from biotrace.model.certificate import Draw
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.verify.rule import Finding, Unchecked

from .ledger_case import Reading, integrity_finding
from .logged import Logged
from .request import FORM_OF, Request
from .stock import Drawn, Received, Wanted, first_in_first_out, unfit


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


def damaged(reading: Reading) -> Refused:
    """Nothing is issued from a damaged ledger."""
    reason = Text(
        "台帳に壊れた記録があります。控えから戻すまで発行できません",
        "the ledger holds damaged records: nothing is issued until it is restored from a backup",
    )
    return Refused((reason,), reading.subjects(), tuple(map(integrity_finding, reading.broken)))


def wanted_by(request: Request, yard: str | None) -> Wanted:
    """What is to be drawn."""
    return Wanted(request.quantity, request.fuel_class, request.done, request.species, request.made_of, yard)


def oldest(stock: Sequence[Received], request: Request, yard: str | None, reading: Reading) -> Sequence[Draw] | Refused:
    """Draws on the oldest certificates, or what is short, and what could not be used."""
    wanted = wanted_by(request, yard)
    drawn = first_in_first_out(stock, wanted)
    if drawn.covered >= request.quantity.amount:
        return drawn.draws
    subjects = reading.subjects()
    of_class = (held for held in stock if held.closed.fuel_class in wanted.classes)
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
        if fuel_class not in wanted.classes
        and first_in_first_out(stock, replace(wanted, fuel_class=fuel_class, made_of=())).covered
        >= wanted.quantity.amount
    ]
    return [
        Text(f"{c.label.ja}なら足ります（--class {c}）", f"there is enough {c.label.en} (--class {c})") for c in enough
    ]


def without_pdf(logged: Logged, error: UsageError | KeyboardInterrupt) -> UsageError:
    """It is in the ledger; what failed is its PDF."""
    subject, record_id = logged.record.subject, logged.record.record_id.hex()[:12]
    reason = error.message if isinstance(error, UsageError) else Text("中断しました", "interrupted")
    return UsageError(
        Text(f"{subject} は発行済みですが、PDFを書けません。", f"{subject} is issued, but not its PDF: ") + reason,
        Text(f"biotrace pdf {record_id} でPDFを作れます", f"make the PDF with biotrace pdf {record_id}"),
        code="pdf-not-written",
    )
