"""Issuing a processing certificate that draws on what was received, first in first out unless told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.private import PrivateField
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text, same
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.stock_book import NO_SITE

from .files import staged
from .find import choose_party
from .issue_desk import Desk, judge, moisture_assumed, open_desk
from .issue_refusals import Refused, oldest, wanted_by, without_pdf
from .ledger_case import Reading
from .logged import Logged
from .paper import certificate_pdf, pdf_name
from .private_fields import private
from .request import CANDIDATE, Request, certificate_for, check_request, named_draws, remembered
from .scans import hold, read_scans
from .settings import western_dates
from .stock import Received, received, twins_of
from .stored_files import keeping
from .workspace import Workspace
from .yard import choose_yard
from .yard_balance import short_in_yard

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
class Draft:
    """A certificate that is not signed yet, its id CANDIDATE. ``documents``: new ones that it cites, by their own ids.

    ``scans``: contents of files to be held, by the id of what they belong to.
    """

    certificate: Certificate
    documents: tuple[Document, ...] = ()
    scans: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    price: int | None = None


def issue(
    workspace: Workspace,
    request: Request,
    out: Path | None = None,
    *,
    rehearse: bool = False,
    western: bool | None = None,
) -> Issued | Refused:
    """Make, judge, sign and log a certificate, and write its PDF; nothing is written unless the rules confirm it.

    ``out``: the PDF; without it, a name in the workspace's ``pdf`` folder. ``rehearse``: stop before signing.
    ``western``: western dates on it; None: as the workspace's settings say. Raises UsageError for a request that names
    unknown parties or certificates, or that no certificate can meet.
    """
    in_west = western_dates(workspace.folder, western)
    desk = open_desk(workspace, out)
    return desk if isinstance(desk, Refused) else issue_from(desk, request, out, rehearse=rehearse, western=in_west)


def issue_from(
    desk: Desk,
    request: Request,
    out: Path | None = None,
    *,
    rehearse: bool = False,
    western: bool | None = None,
) -> Issued | Refused:
    """The same from a ledger that is read already."""
    in_west = western_dates(desk.workspace.folder, western)
    case, seller, reading = desk.case, desk.seller, desk.reading
    buyer = choose_party(case.parties.values(), request.buyer)
    check_request(request, seller, buyer, desk.today, case.by_id.values())
    filled = remembered(request, seller, buyer, case.by_id.values())
    request = filled.request
    yard = None if request.from_site is None else choose_yard(case, seller.id, request.from_site)
    named = named_draws(request, reading) if request.draws else []
    desk = desk.with_stock(named)
    stock = received(desk.folded, case, seller.id, request.day)
    draws = named or oldest(stock, request, yard, reading)
    if isinstance(draws, Refused):
        return draws
    _require_one_of_twins(draws, desk)
    yard = yard or _where_it_lay(draws, stock)
    if yard is not None and not request.draws:
        # Who names the draws knows what the wood gave; by default factors they never give more than came in.
        short = short_in_yard(wanted_by(request, yard), case, seller.id, yard, request.day)
        if short is not None:
            return Refused((short,), reading.subjects())
    certificate = certificate_for(request, seller, buyer, draws, case.by_id, yard)
    scans = read_scans(request.scans)
    if (refused := judge(desk, certificate)) is not None:
        return refused
    notes = (*_notes(certificate, desk.today), *([filled.told] if filled.told is not None else []))
    result = Issued(certificate, buyer, _drawn_on(draws, stock, reading), notes)
    return (
        result
        if rehearse
        else hand_over(desk, Draft(certificate, (), {CANDIDATE: scans}, request.price), result, out, in_west)
    )


def hand_over(desk: Desk, draft: Draft, result: Issued, out: Path | None, in_west: bool) -> Issued:
    """Sign, print and log a certificate that the rules confirm, with its documents, all or nothing."""
    workspace, reading = desk.workspace, desk.reading
    now = workspace.clock()
    names = {desk.seller.id: desk.seller.name, result.buyer.id: result.buyer.name}
    if (other := draft.certificate.issuer_party) is not None:
        names[other] = desk.case.parties[other].name
    prices = () if draft.price is None else (private(PrivateField.PRICE_YEN, draft.price),)
    with keeping(workspace) as copies:
        behind = [
            _signed_document(desk.signer, d, hold(draft.scans.get(d.id, ()), copies), now) for d in draft.documents
        ]
        ids = {d.id: record.record_id.hex() for d, record in zip(draft.documents, behind, strict=True)}
        signed = replace(
            draft.certificate,
            id="",
            documents=tuple(ids.get(d, d) for d in draft.certificate.documents),
            files=(*draft.certificate.files, *hold(draft.scans.get(CANDIDATE, ()), copies)),
            sealed=tuple(price.sealed for price in prices),
        )
        subject = f"{signed.form}/{signed.number or signed.date}"
        record = desk.signer.sign(RecordKind.CERTIFICATE, subject, signed, now, names)
        path = out or workspace.folder / PDF_FOLDER / pdf_name(record)
        # Drawn and laid on the disk first: a certificate that cannot be printed or stored is not issued.
        disclosed = tuple(price.of(record.record_id) for price in prices)
        first = len(reading.logged)
        added = tuple(Logged(first + i, now, each) for i, each in enumerate(behind))
        entering = Logged(first + len(behind), now, record, disclosed=disclosed)
        pdf = certificate_pdf(replace(reading, logged=(*reading.logged, *added)), entering, western_dates=in_west)
        logged: Logged | None = None
        try:
            with staged(path, pdf):
                entry = workspace.log([*behind, record], now, disclosed)[-1]
                logged = Logged(entry.position, entry.logged_at, entry.record, disclosed=disclosed)
        except (UsageError, KeyboardInterrupt) as error:
            if logged is None:
                raise
            raise without_pdf(logged, error) from None
    return replace(result, logged=logged, path=path)


def _signed_document(signer: Signer, document: Document, files: tuple[StoredFile, ...], now: int) -> Record:
    body = replace(document, files=(*document.files, *files))
    return signer.sign(RecordKind.DOCUMENT, document.id, body, now)


def _require_one_of_twins(draws: Sequence[Draw], desk: Desk) -> None:
    twins = twins_of(desk.case, desk.folded.state.closed, desk.seller.id)
    subjects = desk.reading.subjects()
    for draw in draws:
        if draw.certificate in twins:
            raise UsageError(
                same(f"{subjects[draw.certificate]} ({draw.certificate[:12]}): ") + twins[draw.certificate],
                Text("もう一方の記録を --from に指定してください", "name the other record with --from"),
                code="twin",
            )


def _where_it_lay(draws: Sequence[Draw], stock: Sequence[Received]) -> str | None:
    """The yard that all of it comes from, where that is one."""
    sites = {r.closed.certificate: r.site for r in stock}
    found = {sites.get(draw.certificate, NO_SITE) for draw in draws}
    return (found.pop() or None) if len(found) == 1 else None


def _drawn_on(draws: Sequence[Draw], stock: Sequence[Received], reading: Reading) -> tuple[DrawnOn, ...]:
    left = {r.closed.certificate: r.left for r in stock}
    subjects = reading.subjects()
    drawn = []
    for draw in draws:
        left[draw.certificate] = rest = left.get(draw.certificate, 0) - draw.quantity.amount
        after = replace(draw.quantity, amount=rest) if rest > 0 else None
        drawn.append(DrawnOn(subjects[draw.certificate], draw.certificate, draw.quantity, after))
    return tuple(drawn)


def _notes(certificate: Certificate, today: date) -> Iterator[Text]:
    """What the issuer should know of it all the same."""
    if moisture_assumed(certificate):
        percent = f"{RINYA_2012.default_moisture * 100 / PARTS:g}%"
        yield Text(
            f"水分の指定がないので {percent} とみなしました。測った値は --moisture で書けます",
            f"no moisture was given, so {percent} was assumed; state a measured one with --moisture",
        )
    yield from late_note(certificate, today)


def late_note(certificate: Certificate, today: date) -> tuple[Text, ...]:
    """That its date is long past, where it is."""
    late, allowed = (today - certificate.date).days, RINYA_2012.allowed_delay_days
    if late <= allowed:
        return ()
    told = Text(
        f"証明日から {late} 日たっています。{allowed} 日を過ぎた記録には S107（注意）が付きます",
        f"{late} days have passed since its date; beyond {allowed} days S107 is a notice",
    )
    return (told,)
